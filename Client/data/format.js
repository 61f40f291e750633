// @ts-check
// Dates, numbers and deadlines in the person's language and time zone.

import { signal } from '../kit/reactive.js'
import { language, t } from '../lang/words.js'

/** The moment, moved on once a minute, so that what is late becomes so while one looks. */
export const now = signal(Date.now())
setInterval(() => (now.value = Date.now()), 60_000)

let zone = Intl.DateTimeFormat().resolvedOptions().timeZone
/**
 * Uses the person's time zone; the browser's own when they have none.
 * @param {string} wanted
 */
export function useZone(wanted) {
  try {
    if (wanted) new Intl.DateTimeFormat('en', { timeZone: wanted })
    if (wanted) zone = wanted
  } catch { /* an unknown zone: the browser's stays */ }
}
/** Whether times are not those of the machine one sits at; then they name their zone. */
const isElsewhere = () => zone !== Intl.DateTimeFormat().resolvedOptions().timeZone
/** The time zone in use. */
export const timeZone = () => zone

/** @type {Map<string, any>} */
const made = new Map()
/** @param {string} key @param {() => any} make */
const once = (key, make) => {
  const name = `${language()} ${zone} ${key}`
  let known = made.get(name)
  if (!known) made.set(name, (known = make()))
  return known
}

/**
 * A moment of the server (`2026-03-02 09:30:00`, in UTC) as a Date.
 * @param {string} text
 */
export const moment = (text) => new Date(`${text.replace(' ', 'T')}Z`)
/**
 * A Date as the server writes it.
 * @param {Date} date
 */
export const serverMoment = (date) => date.toISOString().slice(0, 19).replace('T', ' ')

/**
 * A day as people write it.
 * @param {string} text `2026-03-02`
 */
export const showDay = (text) =>
  once('day', () => new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeZone: 'UTC' })).format(new Date(`${text}T00:00:00Z`))
/**
 * A moment as people write it.
 * @param {string} text
 */
export const showMoment = (text) =>
  once('moment', () => new Intl.DateTimeFormat(language(), isElsewhere() ? { year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone: zone } : { dateStyle: 'medium', timeStyle: 'short', timeZone: zone })).format(moment(text))
/**
 * A moment in a few letters: the time today, else the day.
 * @param {string} text
 */
export function showShort(text) {
  const date = moment(text)
  const isToday = dayIn(date) === dayIn(new Date(now.value))
  return once(`short ${isToday}`, () =>
    new Intl.DateTimeFormat(language(), isToday ? { timeStyle: 'short', timeZone: zone } : { month: 'short', day: 'numeric', timeZone: zone })
  ).format(date)
}
/**
 * The day of a moment where the person is, as `2026-03-02`.
 * @param {Date} date
 */
export const dayIn = (date) => once('iso', () => new Intl.DateTimeFormat('en-CA', { timeZone: zone })).format(date)
/** @param {number} value @param {number} [digits] */
export const showNumber = (value, digits) =>
  once(`number ${digits}`, () => new Intl.NumberFormat(language(), digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value)
/** @param {number} bytes */
export function showBytes(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']
  let at = 0
  while (bytes >= 1000 && at < 3) {
    bytes /= 1000
    at++
  }
  return once(`bytes ${at}`, () => new Intl.NumberFormat(language(), { style: 'unit', unit: units[at], unitDisplay: at ? 'short' : 'long', maximumFractionDigits: at ? 1 : 0 })).format(bytes)
}

/** @param {number} minutes */
function amount(minutes) {
  const size = Math.abs(minutes)
  const [unit, value] = size < 60 ? ['minute', size] : size < 48 * 60 ? ['hour', size / 60] : ['day', size / 1440]
  return once(`unit ${unit}`, () => new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: 0 })).format(Math.round(value))
}

/**
 * Time left before a deadline, in words, with the tone to show it in.
 * @param {string} due a moment or a day of the server
 */
export function deadline(due) {
  const end = due.length > 10 ? moment(due).getTime() : new Date(`${due}T23:59:59`).getTime()
  const left = (end - now.value) / 60_000
  if (left < 0) return { text: t('{time} late', { time: amount(left) }), tone: 'danger', icon: 'alarm' }
  if (left < 8 * 60) return { text: t('{time} left', { time: amount(left) }), tone: 'warn', icon: 'clock' }
  return { text: t('{time} left', { time: amount(left) }), tone: '', icon: 'clock' }
}

/**
 * Minutes as people say them: `3 h 20 min`.
 * @param {number} minutes
 */
export function showMinutes(minutes) {
  const part = (/** @type {number} */ value, /** @type {string} */ unit) =>
    once(`part ${unit}`, () => new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'short' })).format(value)
  if (minutes < 60) return part(minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  return minutes % 60 && hours < 24 ? `${part(hours, 'hour')} ${part(minutes % 60, 'minute')}` : part(hours, 'hour')
}

/**
 * A day from what somebody typed: `3/4/1984`, `1984-04-03`, `3 apr 84`, `today`, `+3`.
 * @param {string} text
 * @returns {string | null} `1984-04-03`, or null when it is none
 */
export function readDay(text) {
  const typed = text.trim().toLowerCase()
  if (!typed) return null
  const iso = (/** @type {number} */ y, /** @type {number} */ m, /** @type {number} */ d) => {
    const date = new Date(Date.UTC(y, m - 1, d))
    return date.getUTCMonth() === m - 1 && date.getUTCDate() === d ? date.toISOString().slice(0, 10) : null
  }
  const relative = /^([+-]\d{1,3})$/.exec(typed)
  if (relative || typed === 'today' || typed === t('today')) {
    const date = new Date(`${dayIn(new Date())}T00:00:00Z`)
    date.setUTCDate(date.getUTCDate() + Number(relative?.[1] ?? 0))
    return date.toISOString().slice(0, 10)
  }
  const parts = typed.split(/[\s./,-]+/).filter(Boolean)
  if (parts.length !== 3) return null
  const year = (/** @type {string} */ y) => (y.length === 4 ? Number(y) : y.length === 2 ? (Number(y) > 40 ? 1900 : 2000) + Number(y) : NaN)
  const named = (/** @type {string} */ word) => {
    for (let m = 0; m < 12; m++) {
      const name = new Intl.DateTimeFormat(language(), { month: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2000, m, 1))).toLowerCase()
      if (word.length >= 3 && name.startsWith(word)) return m + 1
    }
    return 0
  }
  if (named(parts[1])) return iso(year(parts[2]), named(parts[1]), Number(parts[0]))
  if (named(parts[0])) return iso(year(parts[2]), named(parts[0]), Number(parts[1]))
  if (parts[0].length === 4) return iso(Number(parts[0]), Number(parts[1]), Number(parts[2]))
  const dayFirst = new Intl.DateTimeFormat(language()).formatToParts(new Date()).findIndex((p) => p.type === 'day') <
    new Intl.DateTimeFormat(language()).formatToParts(new Date()).findIndex((p) => p.type === 'month')
  const [first, second] = [Number(parts[0]), Number(parts[1])]
  return (dayFirst || first > 12) && second <= 12 ? iso(year(parts[2]), second, first) : iso(year(parts[2]), first, second)
}
