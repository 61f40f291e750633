// @ts-check
// A file of a record in the viewer of documents: its pages drawn by the server, whatever the browser could show by itself.

import { component, html, icon, iconButton } from '../kit/ui.js'
import { computed, effect, signal } from '../kit/reactive.js'
import { Refused } from '../data/api.js'
import { t } from '../lang/words.js'
import { go, place } from '../shell/router.js'
import { pagesView } from './viewer/pages.js'

export const attachmentViewer = component(() => {
  const address = `/attachments/${Number(place.peek().kind)}`
  const sheet = signal(/** @type {any} */ (null))
  const failure = signal(/** @type {any} */ (null))
  fetch(`${address}/sheet`, { credentials: 'same-origin' }).then(async (response) => {
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) throw new Refused(response.status, answer)
    sheet.value = answer
  }).catch((error) => (failure.value = error))
  effect(() => {
    document.title = `${sheet.value?.name ?? t('File')} – ${document.documentElement.dataset.place}`
  })
  const book = { address, page: signal(1), count: () => sheet.value?.page_count ?? 0, pages: computed(() => sheet.value?.pages ?? []), none: () => null, isKept: false }
  /** What cannot be shown page by page can still be kept. */
  const refused = () => html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><p>${failure.value.instruction}</p>
    ${failure.value.code !== 'document.unknown' && html`<a class="button" href=${`${address}/content`} download>${icon('download')}<span>${t('Original')}</span></a>`}</div>`
  return html`<div class="document-page"><div class="pagehead">${iconButton('arrow-left', t('Back'), () => void (history.length > 1 ? history.back() : go('/app')))}<h1>${() => sheet.value?.name ?? t('File')}</h1></div>
    ${() => failure.value ? refused() : sheet.value && pagesView({ book })}</div>`
})
