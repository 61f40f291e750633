// @ts-check
// Printing: a head that says what it is, how it was searched, who printed it and when; a list whole, not only the rows on screen. The trail
// learns which records went to paper.

import { html, mount, showFailure, toast } from '../kit/ui.js'
import { call } from '../data/api.js'
import { serverMoment, showMoment } from '../data/format.js'
import { shownNow, shows } from '../data/shown.js'
import { isRight, words } from '../fields/show.js'
import { t } from '../lang/words.js'
import { me } from './state.js'

/** The most rows on paper, and how many come in one call. */
const MOST = 2_000
const PAGE = 500
/** The most columns on a page that stands upright. */
const UPRIGHT = 6

/** What was filtered by, as the search line says it. */
const filterWords = () => [...document.querySelectorAll('.facets .facet-words')].map((each) => each.textContent?.trim()).concat(/** @type {HTMLInputElement | null} */ (document.getElementById('search'))?.value ?? '').filter(Boolean).join(', ')

/** @type {HTMLElement | null} */
let head = null
addEventListener('beforeprint', () => {
  head?.remove()
  head = document.createElement('header')
  head.className = 'print-head'
  const filter = document.querySelector('.record') ? '' : filterWords()
  mount(head, () => html`<strong>${document.title}</strong><span>${filter ? t('Filter: {words}', { words: filter }) : ''}</span>
    <span>${t('Printed {time} by {name}', { time: showMoment(serverMoment(new Date())), name: me.peek().name })}</span>`)
  document.body.prepend(head)
  for (const each of shownNow()) if (each) tell(each.model, each.ids, 'print')
})
addEventListener('afterprint', () => head?.remove())

/**
 * Tells the trail that records left the screen.
 * @param {string} model
 * @param {number[]} ids
 * @param {'print' | 'csv' | 'xlsx'} form
 */
export async function tell(model, ids, form) {
  for (let at = 0; at < ids.length; at += MOST) await call('handed_over', { model, ids: ids.slice(at, at + MOST), form }).catch(() => {})
}

/**
 * Prints a list whole, with the columns that are shown.
 * @param {any} source
 * @param {any} view
 * @param {any[]} columns
 */
export async function printList(source, view, columns) {
  const query = source.query()
  try {
    /** @type {any[]} */
    const rows = []
    while (rows.length < MOST) {
      const answer = await call('search', { model: source.model, domain: query.domain, filters: query.filters, text: query.text, fields: columns.map((each) => each.name), limit: PAGE, offset: rows.length, ...(query.order && { order: query.order }) })
      rows.push(...answer.rows)
      if (answer.rows.length < PAGE) break
    }
    const sheet = document.createElement('div')
    sheet.className = `print-sheet${columns.length > UPRIGHT ? ' wide' : ''}`
    const stop = mount(sheet, () => html`<h1>${t(view.plural)} <small>${rows.length < source.total.peek() ? t('the first {n} of {all}', { n: rows.length, all: source.total.peek() }) : rows.length}</small></h1>
      <table><thead><tr>${columns.map((field) => html`<th class=${isRight(field) ? 'right' : ''}>${t(field.string)}</th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr>${columns.map((field) => html`<td class=${isRight(field) ? 'right' : ''}>${words(row[field.name], field) || '–'}</td>`)}</tr>`)}</tbody></table>`)
    document.body.append(sheet)
    document.documentElement.classList.add('prints-sheet')
    const forget = shows('sheet', () => ({ model: source.model, ids: rows.map((row) => row.id) }))
    addEventListener('afterprint', () => {
      forget()
      stop()
      sheet.remove()
      document.documentElement.classList.remove('prints-sheet')
    }, { once: true })
    print()
    if (rows.length < source.total.peek()) toast(t('Only the first {n} were printed: narrow the search for the rest.', { n: rows.length }))
  } catch (error) {
    showFailure(error)
  }
}
