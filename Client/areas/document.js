// @ts-check
// A document's pages beside what is known of it: pages are turned and enlarged; what stands there is entered or attached.

import { component, html, icon, iconButton, showFailure } from '../kit/ui.js'
import { computed, effect, onCleanup, signal } from '../kit/reactive.js'
import { records } from '../data/api.js'
import { t } from '../lang/words.js'
import { offer } from '../shell/keys.js'
import { go, place } from '../shell/router.js'

const model = 'care.document'
const zooms = [50, 75, 100, 125, 150, 200, 300]

export const documentViewer = component(() => {
  const id = Number(place.peek().kind)
  const data = signal(/** @type {any} */ (null))
  const failure = signal(/** @type {any} */ (null))
  const page = signal(1)
  const zoom = signal(2)
  const panel = signal(/** @type {any} */ (null))
  records.read(model, id).then((answer) => (data.value = answer), (error) => (failure.value = error))
  import('../views/record.js').then((m) => (panel.value = m), showFailure)
  const count = computed(() => data.value?.values.page_count ?? 0)
  effect(() => {
    document.title = `${t('Document')} – ${document.documentElement.dataset.place}`
  })
  const turn = (/** @type {number} */ by) => (page.value = Math.max(1, Math.min(count.peek() || 1, page.peek() + by)))
  const enlarge = (/** @type {number} */ by) => (zoom.value = Math.max(0, Math.min(zooms.length - 1, zoom.peek() + by)))
  onCleanup(offer('document', [
    { name: t('Next page'), keys: 'ArrowRight', icon: 'chevron-right', run: () => void turn(1) }, { name: t('Page before'), keys: 'ArrowLeft', icon: 'chevron-left', run: () => void turn(-1) },
    { name: t('Larger'), keys: '+', icon: 'plus', run: () => void enlarge(1) }, { name: t('Smaller'), keys: '-', icon: 'minus', run: () => void enlarge(-1) },
  ]))
  const back = () => go('/app/documents/list')
  const viewer = () => html`<section class="viewer" aria-label=${t('Pages')}>
    <div class="viewer-bar"><span>${iconButton('chevron-left', t('Page before'), () => turn(-1))}<span class="number" aria-live="polite">${() => t('Page {n} of {all}', { n: page.value, all: count.value })}</span>${iconButton('chevron-right', t('Next page'), () => turn(1))}</span>
      <span>${iconButton('minus', t('Smaller'), () => enlarge(-1))}<span class="number">${() => `${zooms[zoom.value]} %`}</span>${iconButton('plus', t('Larger'), () => enlarge(1))}</span>
      <a class="button" href=${`/documents/${id}/content`} download>${icon('download')}<span>${t('Original')}</span></a></div>
    <div class="viewer-pages" tabindex="0" role="region" aria-label=${() => t('Page {n}', { n: page.value })}>${() => count.value > 0
      ? html`<img class="page" src=${`/documents/${id}/pages/${page.value}.png`} alt=${t('Page {n} of the document, as a picture', { n: page.value })} style=${{ '--zoom': `${zooms[zoom.value]}%` }}>`
      : data.value && html`<div class="empty">${icon('document')}<h2>${t('No pages to show')}</h2><p>${data.value.values.refusal_code ? t('The document was refused: {code}', { code: data.value.values.refusal_code }) : t('The pages are not read yet.')}</p></div>`}</div></section>`
  const canEnter = computed(() => data.value?.actions.some((/** @type {any} */ action) => action.name === 'action_enter'))
  return html`<div class="document-page"><div class="pagehead">${iconButton('arrow-left', t('Back to documents'), back)}<h1>${() => data.value?.values.display_name ?? t('Document')}</h1>
      <div class="end">${() => canEnter.value && html`<a class="button primary" href=${`/documents/${id}/enter`}>${icon('pencil')}<span>${t('Enter the referral')}</span></a>`}</div></div>
    ${() => failure.value ? html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><p>${failure.value.instruction}</p></div>`
      : html`<div class="split document-split">${viewer()}${() => panel.value && panel.value.recordPanel({ model, id, close: back, full: () => {}, isFull: signal(false), saved: (/** @type {any} */ answer) => (data.value = { ...data.peek(), ...answer }), next: () => null, isAlone: true })}</div>`}</div>`
})
