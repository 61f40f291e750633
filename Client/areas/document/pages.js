// @ts-check
// The pages of a document as pictures: turned over, enlarged, rotated; what was read is framed where it stands.

import { component, html, icon, iconButton } from '../../kit/ui.js'
import { computed, effect, onCleanup, signal } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { offer } from '../../shell/keys.js'
import { sureness } from './says.js'

const zooms = [50, 75, 100, 125, 150, 200, 300]

export const pagesView = component((/** @type {{ desk: import('./desk.js').Desk, pick: (name: string) => void }} */ { desk, pick }) => {
  const zoom = signal(2)
  const turns = signal(/** @type {Record<number, number>} */ ({}))
  const { page, lastPage } = desk
  const shown = computed(() => desk.sheet.value?.pages.find((/** @type {any} */ each) => each.number === page.value))
  const angle = computed(() => turns.value[page.value] ?? 0)
  const turn = (/** @type {number} */ by) => (page.value = Math.max(1, Math.min(lastPage.peek() || 1, page.peek() + by)))
  const enlarge = (/** @type {number} */ by) => (zoom.value = Math.max(0, Math.min(zooms.length - 1, zoom.peek() + by)))
  const rotate = () => (turns.value = { ...turns.peek(), [page.peek()]: (angle.peek() + 90) % 360 })
  onCleanup(offer('document', [
    { name: t('Next page'), keys: 'ArrowRight', icon: 'chevron-right', run: () => void turn(1) }, { name: t('Page before'), keys: 'ArrowLeft', icon: 'chevron-left', run: () => void turn(-1) },
    { name: t('Larger'), keys: '+', icon: 'plus', run: () => void enlarge(1) }, { name: t('Smaller'), keys: '-', icon: 'minus', run: () => void enlarge(-1) },
    { name: t('Rotate'), keys: 'R', icon: 'refresh', run: rotate },
  ]))
  const boxes = computed(() => desk.questions.value.flatMap((question) => {
    const read = desk.byField.value.get(question.name)
    return read && read.page === page.value && read.box?.length === 4 ? [{ question, read }] : []
  }))
  effect(() => {
    const name = desk.focused.value
    if (name) queueMicrotask(() => document.getElementById(`box-${name}`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  })
  /**
   * A frame: pointing at it leads to its field. Whoever uses keys or hears the page has the fields, which say the same and show the frame.
   * @param {{ question: any, read: any }} of
   */
  const box = ({ question, read }) => {
    const [left, top, right, bottom] = read.box
    return html`<div class=${() => `read-box ${read.state}${desk.focused.value === question.name ? ' focused' : ''}`} id=${`box-${question.name}`}
      title=${t('{field}: {value}, {sure}', { field: t(question.label), value: read.value, sure: sureness(read.confidence) })}
      style=${{ '--top': `${top * 100}%`, '--right': `${(1 - right) * 100}%`, '--bottom': `${(1 - bottom) * 100}%`, '--left': `${left * 100}%` }} @click=${() => pick(question.name)}></div>`
  }
  const picture = () => {
    const number = page.value
    const ratio = shown.value?.width && shown.value?.height ? shown.value.width / shown.value.height : 0.7727
    return html`<div class=${() => `page-frame${angle.value % 180 ? ' sideways' : ''}`} style=${() => ({ '--zoom': `${zooms[zoom.value]}%`, '--ratio': String(angle.value % 180 ? 1 / ratio : ratio), '--across': `${100 * ratio}%`, '--angle': `${angle.value}deg` })}>
      <div class="page-sheet"><img class="page" src=${`/documents/${desk.id}/pages/${number}.png`} alt=${t('Page {n} of the document, as a picture', { n: number })}>
        <div class="read-boxes" aria-hidden="true">${() => boxes.value.map(box)}</div></div></div>`
  }
  const none = () => html`<div class="empty">${icon('document')}<h2>${t('No pages to show')}</h2><p>${desk.sheet.value.refusal_code ? t('The document was refused: {code}', { code: desk.sheet.value.refusal_code }) : t('The pages are not read yet.')}</p></div>`
  const hasPages = computed(() => (desk.sheet.value?.pages.length ?? 0) > 0)
  return html`<section class="viewer" aria-label=${t('Pages')}>
    <div class="viewer-bar"><span>${iconButton('chevron-left', t('Page before'), () => turn(-1))}<span class="number" aria-live="polite">${() => t('Page {n} of {all}', { n: page.value, all: lastPage.value })}</span>${iconButton('chevron-right', t('Next page'), () => turn(1))}</span>
      <span>${iconButton('minus', t('Smaller'), () => enlarge(-1))}<span class="number zoom">${() => `${zooms[zoom.value]} %`}</span>${iconButton('plus', t('Larger'), () => enlarge(1))}${iconButton('refresh', t('Rotate'), rotate)}</span>
      <a class="button" href=${`/documents/${desk.id}/content`} download>${icon('download')}<span>${t('Original')}</span></a></div>
    <div class="viewer-pages" tabindex="0" role="region" aria-label=${() => t('Page {n}', { n: page.value })}>${() => hasPages.value ? picture() : desk.sheet.value && none()}</div></section>`
})
