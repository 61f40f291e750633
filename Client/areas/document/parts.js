// @ts-check
// What a packet consists of: which pages are what and whose, told by the machine and corrected by a person.

import { component, html, icon, menu } from '../../kit/ui.js'
import { computed } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { askAction } from '../../views/ask.js'
import { partKinds, partName, sure } from './says.js'

export const partsView = component((/** @type {{ desk: import('./desk.js').Desk }} */ { desk }) => {
  const reading = computed(() => desk.sheet.value?.reading ?? '')
  const hasValues = (/** @type {number} */ id) => (desk.sheet.value?.suggestions ?? []).some((/** @type {any} */ each) => each.part === id)
  const pageWords = (/** @type {import('./desk.js').Part} */ part) => part.pages.length === 1 ? t('page {list}', { list: String(part.pages[0]) }) : t('pages {list}', { list: part.pages.join(', ') })
  /** @param {import('./desk.js').Part} part */
  async function classify(part) {
    const answers = await askAction(t('Say what it is'), { weight: 'plain', consequence: '', asks: [
      { name: 'kind', title: 'What the pages are', kind: 'choice', choices: Object.entries(partKinds), required: true, hint: '' },
      { name: 'patient_number', title: 'Patient of the packet', kind: 'number', required: false, hint: 'Count the patients of the packet from 1. Pages with the same number belong to the same patient.' },
    ] }, { model: 'care.document.part', id: part.id, subject: pageWords(part) })
    if (answers) await desk.tell(part.id, 'action_classify', { ...answers, ...(answers.patient_number && { patient_number: Math.round(answers.patient_number) }) }, t('Kept.'))
  }
  /** @param {import('./desk.js').Part} part */
  const items = (part) => [
    { label: t('Say what it is'), icon: 'pencil', press: () => void classify(part) },
    ...part.pages.slice(1).map((number) => ({ label: t('Another part begins on page {n}', { n: number }), icon: 'rows', press: () => void desk.tell(part.id, 'action_split', { page: number }, t('Kept.')) })),
    part.number > 1 && { label: t('Belongs to the part before'), icon: 'link', press: () => void desk.tell(part.id, 'action_join', {}, t('Kept.')) },
  ]
  /** @param {import('./desk.js').Part} part */
  const line = (part) => html`<li class=${() => `part-line${desk.part.value === part.id ? ' chosen' : ''}`}>
    <button type="button" class="part-open" @click=${() => (desk.page.value = part.pages[0] ?? 1)}><strong>${partName(part.kind)}</strong> <span class="dim">${pageWords(part)}</span></button>
    <span>${part.checked ? html`<span class="chip ok">${icon('check')}${t('told by a person')}</span>` : sure(part.confidence)}</span>
    <span>${part.patient ? t('patient {n}', { n: part.patient }) : html`<span class="chip warn">${icon('question')}${t('whose is not known')}</span>`}</span>
    ${desk.isOpen.value && hasValues(part.id) && desk.parts.value.filter((each) => hasValues(each.id)).length > 1 && (desk.part.value === part.id ? html`<span class="chip info">${t('being entered')}</span>` : html`<button type="button" class="button small" @click=${() => (desk.chosenPart.value = part.id)}>${t('Enter this part')}</button>`)}
    ${desk.isOpen.value && menu(icon('more'), t('Change the part of {pages}', { pages: pageWords(part) }), () => items(part), 'plain square')}</li>`
  const patients = computed(() => new Set(desk.parts.value.map((part) => part.patient).filter(Boolean)).size)
  return html`<div class="parts">
    ${() => reading.value === 'waiting' && html`<p class="notice">${icon('clock')}<span>${t('The machine is reading the pages. What it finds appears here by itself.')}</span></p>`}
    ${() => reading.value === 'failed' && html`<p class="notice">${icon('info')}<span>${t('The pages could not be read by the machine ({code}). Enter what they say.', { code: desk.sheet.value.reading_code })}</span></p>`}
    ${() => reading.value === 'unsure' && html`<p class="notice warn">${icon('question')}<span>${patients.value > 1
      ? t('The packet speaks of several patients. Enter what belongs to one of them, and send the rest as a document of its own.')
      : t('It is not sure which pages belong together. Say what each part is and whose; then enter the referral.')}</span></p>`}
    ${() => desk.parts.value.length > 0 && html`<section class="block parts-block" aria-label=${t('Parts of the packet')}><h2>${t('Parts of the packet')}</h2><ul>${desk.parts.value.map(line)}</ul></section>`}</div>`
})
