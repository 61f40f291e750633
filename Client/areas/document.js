// @ts-check
// A document: its pages with what was read framed on them, and beside them the referral to be entered or the record as it is kept.

import { component, html, icon, iconButton, showFailure } from '../kit/ui.js'
import { computed, effect, onCleanup, signal } from '../kit/reactive.js'
import { follow } from '../data/events.js'
import { t } from '../lang/words.js'
import { go, place } from '../shell/router.js'
import { recordAddress } from '../shell/state.js'
import { answersView } from './document/answers.js'
import { createDesk } from './document/desk.js'
import { createFrames } from './document/frames.js'
import { readView } from './document/read.js'
import { pagesView } from './viewer/pages.js'

export const documentViewer = component(() => {
  const id = Number(place.peek().kind)
  const desk = createDesk(id)
  const tab = signal('')
  const panel = signal(/** @type {any} */ (null))
  const wanted = Number(place.peek().query.get('page'))
  desk.begin().then(() => {
    if (wanted) desk.page.value = Math.min(wanted, desk.lastPage.peek() || 1)
    tab.value = desk.isOpen.peek() ? 'answers' : desk.byField.peek().size ? 'read' : 'record'
  })
  effect(() => {
    if (tab.value === 'record' && !panel.peek()) import('../views/record.js').then((m) => (panel.value = m), showFailure)
  })
  effect(() => {
    document.title = `${t('Document')} – ${document.documentElement.dataset.place}`
  })
  onCleanup(follow('care.document', (change) => void (change && change.ids.includes(id) && !desk.isBusy.peek() && desk.load())))
  const back = () => go('/app/documents/list')
  /** @param {string} name */
  function pick(name) {
    desk.focus(name)
    const row = document.getElementById(`answer-row-${name}`)
    row?.scrollIntoView({ block: 'nearest' })
    row?.focus({ preventScroll: true })
  }
  const none = () => desk.sheet.value && html`<div class="empty">${icon('document')}<h2>${t('No pages to show')}</h2><p>${desk.sheet.value.refusal_code ? t('The document was refused: {code}', { code: desk.sheet.value.refusal_code }) : t('The pages are not read yet.')}</p></div>`
  const book = {
    address: `/documents/${id}`, page: desk.page, count: () => desk.lastPage.value, pages: computed(() => desk.sheet.value?.pages ?? []), none, isKept: true, frames: createFrames(desk, pick),
  }
  const tabs = () => [
    desk.isOpen.value && ['answers', t('Referral')], !desk.isOpen.value && desk.byField.value.size > 0 && ['read', t('What was read')], ['record', t('Document')],
  ].filter(Boolean)
  const beside = () => {
    if (tab.value === 'answers') return answersView({ desk })
    if (tab.value === 'read') return readView({ desk })
    return panel.value && panel.value.recordPanel({ model: 'care.document', id, close: back, full: () => {}, isFull: signal(false), saved: () => void desk.load(), next: () => null, isAlone: true })
  }
  return html`<div class="document-page"><div class="pagehead">${iconButton('arrow-left', t('Back to documents'), back)}<h1>${() => desk.sheet.value?.name ?? t('Document')}</h1>
      <div class="end">${() => desk.sheet.value?.referral && html`<a class="button" href=${recordAddress('care.referral', desk.sheet.value.referral.id)}>${icon('referral')}<span>${desk.sheet.value.referral.number}</span></a>`}
        <div class="segmented" role="group" aria-label=${t('Beside the pages')}>${() => tabs().map((/** @type {any} */ [name, label]) => html`<button type="button" aria-pressed=${() => String(tab.value === name)} @click=${() => (tab.value = name)}>${label}</button>`)}</div></div></div>
    ${() => desk.failure.value && !desk.sheet.value ? html`<div class="empty">${icon('alert')}<h2>${desk.failure.value.message}</h2><p>${desk.failure.value.instruction}</p></div>`
      : html`<div class="split document-split">${pagesView({ book })}<div class="document-beside">${beside}</div></div>`}</div>`
})
