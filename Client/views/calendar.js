// @ts-check
// Records on the days of a month. The table can be walked by keyboard; each entry opens its record.

import { component, html, icon } from '../kit/ui.js'
import { computed, signal } from '../kit/reactive.js'
import { dayIn, moment, timeZone } from '../data/format.js'
import { words } from '../fields/show.js'
import { language, t } from '../lang/words.js'
import { goQuery, place } from '../shell/router.js'
import { loading } from './loading.js'

/** How many records of one month are shown. */
const MOST = 500
const SHOWN = 4

/** @param {Date} date */
const iso = (date) => date.toISOString().slice(0, 10)
/** @param {string} day @param {number} by */
const shifted = (day, by) => {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + by)
  return iso(date)
}

/** @param {{ source: any, view: any, path: string, open: (id: number) => void }} of */
export const calendar = component(({ source, view, path, open }) => {
  const rows = signal(/** @type {any[]} */ ([]))
  const facts = computed(() => view.value?.calendar)
  const month = computed(() => place.value.query.get('month') ?? dayIn(new Date()).slice(0, 7))
  const weekStart = (/** @type {any} */ (new Intl.Locale(language())).weekInfo?.firstDay ?? (language().endsWith('US') || language() === 'en' ? 7 : 1)) % 7
  const first = computed(() => {
    const start = `${month.value}-01`
    const day = new Date(`${start}T00:00:00Z`).getUTCDay()
    return shifted(start, -((day - weekStart + 7) % 7))
  })
  const weeks = computed(() => Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, day) => shifted(first.value, week * 7 + day))).filter((week) => week.some((day) => day.startsWith(month.value))))

  loading({ source, view, path }, { facts: () => facts.value, depends: () => month.value }, async (query, { start, title }, search) => {
    const answer = await search({
      domain: [...query.domain, [start, '>=', shifted(first.peek(), -1)], [start, '<=', shifted(first.peek(), 43)]],
      fields: [start, title, ...(view.peek().list.compact ?? [])], order: start, limit: MOST,
    })
    rows.value = answer.rows
    return answer
  })
  const byDay = computed(() => {
    /** @type {Map<string, any[]>} */
    const days = new Map()
    for (const row of rows.value) {
      const text = row[facts.value.start]
      const day = text.length > 10 ? dayIn(moment(text)) : text
      days.set(day, [...(days.get(day) ?? []), row])
    }
    return days
  })
  const turn = (/** @type {number} */ by) => {
    const [year, number] = month.peek().split('-').map(Number)
    goQuery({ month: iso(new Date(Date.UTC(year, number - 1 + by, 1))).slice(0, 7) }, { replace: true })
  }
  const name = () => new Intl.DateTimeFormat(language(), { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month.value}-01T00:00:00Z`))
  const weekday = (/** @type {string} */ day) => new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
  const time = (/** @type {string} */ text) => (text.length > 10 ? new Intl.DateTimeFormat(language(), { timeStyle: 'short', timeZone: timeZone() }).format(moment(text)) : '')
  const cell = (/** @type {string} */ day) => {
    const list = byDay.value.get(day) ?? []
    const today = dayIn(new Date())
    return html`<td class=${`${day.startsWith(month.value) ? '' : 'outside'}${day === today ? ' today' : ''}`}><span class="day-number number">${Number(day.slice(8))}${day === today && html`<span class="visually-hidden"> ${t('today')}</span>`}</span>
      <ul>${list.slice(0, SHOWN).map((row) => html`<li><button type="button" class="entry-button" @click=${() => open(row.id)}><span class="dim number">${time(row[facts.value.start])}</span> ${words(row[facts.value.title], { ...view.value.fields[facts.value.title], name: facts.value.title }) || row.display_name}</button></li>`)}
        ${list.length > SHOWN && html`<li class="dim">${t('{n} more', { n: list.length - SHOWN })}</li>`}</ul></td>`
  }
  return html`<div class="calendar"><div class="calendar-bar"><button type="button" class="button square" aria-label=${t('Month before')} @click=${() => turn(-1)}>${icon('chevron-left')}</button>
      <h2 aria-live="polite">${name}</h2><button type="button" class="button square" aria-label=${t('Month after')} @click=${() => turn(1)}>${icon('chevron-right')}</button>
      <button type="button" class="button" @click=${() => goQuery({ month: null }, { replace: true })}>${t('This month')}</button></div>
    <div class="scroll calendar-scroll" tabindex="0" role="region" aria-label=${name}><table class="month"><thead><tr>${() => weeks.value[0].map((day) => html`<th scope="col">${weekday(day)}</th>`)}</tr></thead>
      <tbody>${() => weeks.value.map((week) => html`<tr>${week.map(cell)}</tr>`)}</tbody></table></div></div>`
})
