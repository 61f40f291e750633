// @ts-check
// Finding words on the pages of a document: page by page, from the one that is shown on, each hit as soon as it is known.

import { component, html, iconButton } from '../../kit/ui.js'
import { computed, effect, onCleanup, signal, untracked } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { hitsOn } from './words.js'

const PAUSE = 250
/** @typedef {ReturnType<typeof createFinder>} Finder */

/**
 * @param {import('./pages.js').Book} book
 * @param {import('./words.js').Words} words
 */
export function createFinder(book, words) {
  const isOpen = signal(false)
  const text = signal('')
  const hits = signal(/** @type {import('./words.js').Hit[]} */ ([]))
  const at = signal(-1)
  /** The page that is being looked at; 0 when all were. */
  const reading = signal(0)
  const failure = signal(/** @type {any} */ (null))
  const now = computed(() => hits.value[at.value])
  let run = 0

  /** @param {string} wanted */
  async function look(wanted) {
    const mine = ++run
    hits.value = []
    at.value = -1
    failure.value = null
    reading.value = 0
    if (wanted.trim().length < 2) return
    const all = book.pages.peek().map((/** @type {any} */ page) => page.number)
    const first = all.indexOf(book.page.peek())
    for (const page of [...all.slice(Math.max(0, first)), ...all.slice(0, Math.max(0, first))]) {
      reading.value = page
      try {
        const found = hitsOn(await words.load(page), wanted, page)
        if (mine !== run) return
        if (!found.length) continue
        const held = now.peek()
        const sorted = [...hits.peek(), ...found].sort((a, b) => a.page - b.page || a.from - b.from)
        hits.value = sorted
        at.value = held ? sorted.indexOf(held) : sorted.indexOf(found[0])
        if (!held) book.page.value = page
      } catch (error) {
        if (mine !== run) return
        failure.value = error
        break
      }
    }
    reading.value = 0
  }
  effect(() => {
    const wanted = text.value
    const timer = setTimeout(() => untracked(() => void look(wanted)), PAUSE)
    onCleanup(() => clearTimeout(timer))
  })
  onCleanup(() => void run++)
  /** @param {number} by */
  function step(by) {
    const count = hits.peek().length
    if (!count) return
    at.value = (at.peek() + by + count) % count
    book.page.value = hits.peek()[at.peek()].page
  }
  function close() {
    isOpen.value = false
    text.value = ''
  }
  return { isOpen, text, hits, at, now, reading, failure, step, close }
}

/** @param {{ finder: Finder }} of */
export const findBar = component(({ finder }) => {
  const { text, hits, at, reading, failure } = finder
  const state = () => {
    if (failure.value) return `${failure.value.message} ${failure.value.instruction ?? ''}`
    if (text.value.trim().length < 2) return ''
    const count = hits.value.length ? t('{n} of {all}', { n: at.value + 1, all: hits.value.length }) : reading.value ? '' : t('Not found')
    return reading.value ? `${count} ${t('Looking at page {n}', { n: reading.value })}` : count
  }
  const onKey = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter') finder.step(e.shiftKey ? -1 : 1)
    else if (e.key === 'Escape') finder.close()
    else return
    e.preventDefault()
    e.stopPropagation()
  }
  return html`<div class="find-bar" role="search"><label class="visually-hidden" for="find-words">${t('Find on the pages')}</label>
    <input class="input" id="find-words" type="search" autocomplete="off" placeholder=${t('Find on the pages')} .value=${text} @input=${(/** @type {any} */ e) => (text.value = e.target.value)} @keydown=${onKey} ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => e.focus())}>
    <span class="find-state number" role="status">${state}</span>
    ${iconButton('chevron-up', t('Hit before'), () => finder.step(-1))}${iconButton('chevron-down', t('Next hit'), () => finder.step(1))}${iconButton('x', t('Close the search'), () => finder.close())}</div>`
})
