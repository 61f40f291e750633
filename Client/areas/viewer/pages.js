// @ts-check
// The pages of a document as pictures: turned over, enlarged, rotated, searched, copied, printed; what was read is framed where it stands.

import { component, html, icon, iconButton, showFailure, toast } from '../../kit/ui.js'
import { computed, effect, onCleanup, signal, untracked } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { offer } from '../../shell/keys.js'
import { createFinder, findBar } from './find.js'
import { printPages } from './print.js'
import { hitMarks, textLayer } from './text.js'
import { asText, createWords } from './words.js'

/**
 * @typedef {object} Book a document as the viewer takes it
 * @property {string} address where its pictures, words and original are: `/documents/17`
 * @property {import('../../kit/reactive.js').Signal<number>} page
 * @property {() => number} count how many pages it has, those without pictures included
 * @property {{ value: { number: number, width: number, height: number }[], peek: () => any[] }} pages those with pictures
 * @property {() => any} none what stands there when there are no pages
 * @property {boolean} isKept whether the words of a page are kept by the server, so that asking for them at once is cheap
 * @property {(page: number) => any} [frames] over the picture of a page
 */

const zooms = [50, 75, 100, 125, 150, 200, 300]
const LETTER = 0.7727

export const pagesView = component((/** @type {{ book: Book }} */ { book }) => {
  const zoom = signal(2)
  const turns = signal(/** @type {Record<number, number>} */ ({}))
  const hasThumbnails = signal(false)
  const shownWords = signal(/** @type {{ page: number, words: import('./words.js').Word[] } | null} */ (null))
  const words = createWords(book.address)
  const finder = createFinder(book, words)
  const { page } = book
  const last = computed(() => book.pages.value.length)
  const shown = computed(() => book.pages.value.find((each) => each.number === page.value))
  const angle = computed(() => turns.value[page.value] ?? 0)
  const ratio = computed(() => (shown.value?.width && shown.value?.height ? shown.value.width / shown.value.height : LETTER))
  const open = (/** @type {number} */ number) => (page.value = Math.max(1, Math.min(last.peek() || 1, number)))
  const turn = (/** @type {number} */ by) => open(page.peek() + by)
  const enlarge = (/** @type {number} */ by) => (zoom.value = Math.max(0, Math.min(zooms.length - 1, zoom.peek() + by)))
  const rotate = () => (turns.value = { ...turns.peek(), [page.peek()]: (angle.peek() + 90) % 360 })
  const find = () => {
    if (finder.isOpen.peek()) document.getElementById('find-words')?.focus()
    finder.isOpen.value = true
  }
  /** @param {number} number */
  async function read(number) {
    const found = await words.load(number)
    if (page.peek() === number) shownWords.value = { page: number, words: found }
    return found
  }
  async function copy() {
    try {
      const found = await read(page.peek())
      if (!found.length) return toast(t('There is no text on this page.'))
      await navigator.clipboard.writeText(asText(found))
      toast(t('The text of the page was copied.'))
    } catch (error) {
      showFailure(error)
    }
  }
  const print = () => void printPages(book)
  onCleanup(offer('document', [
    { name: t('Next page'), keys: 'ArrowRight', icon: 'chevron-right', run: () => void turn(1) }, { name: t('Page before'), keys: 'ArrowLeft', icon: 'chevron-left', run: () => void turn(-1) },
    { name: t('Larger'), keys: '+', icon: 'plus', run: () => void enlarge(1) }, { name: t('Smaller'), keys: '-', icon: 'minus', run: () => void enlarge(-1) },
    { name: t('Rotate'), keys: 'R', icon: 'refresh', run: rotate }, { name: t('Find on the pages'), keys: '/', icon: 'search', run: find },
    { name: t('Copy the text of the page'), icon: 'copy', run: () => void copy() }, { name: t('Print the pages'), icon: 'print', run: print },
    { name: t('Small pages'), icon: 'thumbnails', run: () => void (hasThumbnails.value = !hasThumbnails.peek()) },
  ]))
  // Words are there to be selected where they cost nothing, and where somebody looks for some.
  effect(() => {
    const number = page.value
    const isWanted = book.isKept || finder.hits.value.some((hit) => hit.page === number)
    if (!shown.value || !isWanted) return
    untracked(() => read(number).catch(() => {}))
  })
  effect(() => {
    if (finder.now.value && shownWords.value?.page === finder.now.value.page) queueMicrotask(() => document.querySelector('.find-mark.now')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  })
  const over = () => {
    const found = shownWords.value
    return found && found.page === page.value && textLayer({ page: found.page, ratio: ratio.peek(), words: found.words })
  }
  const marks = () => {
    const found = shownWords.value
    return found && found.page === page.value && hitMarks(found.words, finder.hits.value.filter((hit) => hit.page === found.page), finder.now.value)
  }
  const picture = () => {
    const number = page.value
    return html`<div class=${() => `page-frame${angle.value % 180 ? ' sideways' : ''}`} style=${() => ({ '--zoom': `${zooms[zoom.value]}%`, '--ratio': String(angle.value % 180 ? 1 / ratio.value : ratio.value), '--across': `${100 * ratio.value}%`, '--angle': `${angle.value}deg` })}>
      <div class="page-sheet"><img class="page" src=${`${book.address}/pages/${number}.png`} alt=${t('Page {n} of the document, as a picture', { n: number })}>
        ${marks}${over}${book.frames?.(number)}</div></div>`
  }
  const thumbnail = (/** @type {any} */ each) => html`<li><button type="button" class="thumbnail" aria-current=${() => (page.value === each.number ? 'page' : null)} @click=${() => open(each.number)}>
    <img src=${`${book.address}/pages/${each.number}.png`} alt="" loading="lazy"><span>${t('Page {n}', { n: each.number })}</span></button></li>`
  const jump = () => html`<label class="page-jump"><input class="input number" inputmode="numeric" aria-label=${() => t('Page, of {all}', { all: last.value })} .value=${() => String(page.value)} @focus=${(/** @type {any} */ e) => e.target.select()}
    @change=${(/** @type {any} */ e) => {
      open(Math.round(Number(e.target.value)) || page.peek())
      e.target.value = String(page.peek())
    }}> <span>${() => t('of {all}', { all: book.count() })}</span></label>`
  return html`<section class="viewer" aria-label=${t('Pages')}>
    <div class="viewer-bar"><span>${iconButton('thumbnails', t('Small pages'), () => (hasThumbnails.value = !hasThumbnails.peek()), 'wide-only')}${iconButton('chevron-left', t('Page before'), () => turn(-1))}${jump()}<span class="visually-hidden" role="status">${() => t('Page {n} of {all}', { n: page.value, all: book.count() })}</span>${iconButton('chevron-right', t('Next page'), () => turn(1))}</span>
      <span>${iconButton('minus', t('Smaller'), () => enlarge(-1))}<span class="number zoom">${() => `${zooms[zoom.value]} %`}</span>${iconButton('plus', t('Larger'), () => enlarge(1))}${iconButton('refresh', t('Rotate'), rotate)}</span>
      <span>${iconButton('search', t('Find on the pages'), find)}${iconButton('copy', t('Copy the text of the page'), () => void copy(), 'wide-only')}${iconButton('print', t('Print the pages'), print, 'wide-only')}
        <a class="button" href=${`${book.address}/content`} download>${icon('download')}<span>${t('Original')}</span></a></span></div>
    ${() => finder.isOpen.value && findBar({ finder })}
    <div class="viewer-body">${() => hasThumbnails.value && html`<ul class="thumbnails" aria-label=${t('Small pages')}>${book.pages.value.map(thumbnail)}</ul>`}
      <div class="viewer-pages" tabindex="0" role="region" aria-label=${() => t('Page {n}', { n: page.value })}>${() => last.value > 0 ? picture() : book.none()}</div></div></section>`
})
