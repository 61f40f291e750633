// @ts-check
// The palette: commands, screens, saved views and records found by the server; and the list of shortcuts.

import { component, html, icon, openDialog } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { t } from '../lang/words.js'
import { commands } from './keys.js'
import { go } from './router.js'
import { opening, placeOfModel, savedViews, screens } from './state.js'

/** @typedef {{ key: string, name: string, icon: string, note?: string, keys?: string, isCommand?: boolean, run: () => void }} Entry */
const searched = ['care.referral', 'care.patient', 'ops.exception', 'crm.lead']
const people = ['res.partner', 'res.users', 'care.patient']
/** What was run last in this page; it comes first. */
const RECENT = 8
/** @type {string[]} */
const recent = []
/** @param {Entry} entry */
const recency = ({ key }) => (recent.includes(key) ? recent.indexOf(key) : RECENT)

/**
 * Records by name or number; after `@` people alone, after `#` what has numbers.
 * @param {string} asked
 */
async function findRecords(asked) {
  const models = (asked.startsWith('@') ? people : searched).filter((model) => placeOfModel(model))
  const text = asked.replace(/^[#@]\s*/, '')
  const found = await Promise.all(models.map((model) => call('choices', { model, text, limit: 5 }).then((rows) => ({ model, rows }), () => ({ model, rows: [] }))))
  return found.flatMap(({ model, rows }) => {
    const path = placeOfModel(model)
    const screen = screens.peek().find((each) => each.path === path)
    return rows.map((/** @type {[number, string]} */ [id, name]) => ({
      key: `${model} ${id}`, name, icon: screen?.icon ?? 'file', note: screen?.title, run: () => go(`/app/${path}/list?record=${id}`),
    }))
  })
}

const paletteView = component((/** @type {() => void} */ close) => {
  const text = signal('')
  const at = signal(0)
  const hits = signal(/** @type {Entry[]} */ ([]))
  /** @type {number | undefined} */
  let timer
  /** @returns {Entry[]} */
  const fixed = () => [
    ...commands().map((command) => ({ key: command.name, name: command.name, icon: command.icon ?? 'arrow-right', keys: command.keys, isCommand: true, run: command.run })),
    ...screens.peek().map((screen) => ({ key: `go ${screen.path}`, name: t('Go to {place}', { place: t(screen.title) }), icon: screen.icon, run: () => void go(opening(screen)) })),
    ...savedViews.peek().map((view) => ({ key: `view ${view.id}`, name: view.name, icon: 'star', note: t('Saved view'), run: () => void go(`/app/${view.path}${view.state}`) })),
  ]
  const all = fixed().sort((a, b) => recency(a) - recency(b))
  const found = computed(() => {
    const kind = /^[>#@]/.exec(text.value)?.[0] ?? ''
    const words = text.value.slice(kind.length).toLowerCase().split(' ').filter(Boolean)
    const seen = new Set()
    const own = kind === '#' || kind === '@' ? [] : all.filter(({ name, isCommand }) => (kind !== '>' || isCommand) && words.every((word) => name.toLowerCase().includes(word)))
    return [...own, ...(kind === '>' ? [] : hits.value)]
      .filter(({ name, note }) => !seen.has(`${name} ${note}`) && seen.add(`${name} ${note}`)).slice(0, 60)
  })
  /** @param {number} index */
  const run = (index) => {
    const entry = found.peek()[index]
    close()
    if (!entry) return
    recent.unshift(entry.key)
    recent.length = Math.min(recent.length, RECENT)
    setTimeout(entry.run)
  }
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step) {
      at.value = Math.max(0, Math.min(found.peek().length - 1, at.peek() + step))
      document.getElementById(`command-${at.peek()}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') run(at.peek())
    else return
    event.preventDefault()
  }
  return html`<div class="palette-body">
    <div class="palette-line">${icon('search')}<input role="combobox" aria-label=${t('Search or run a command')} aria-expanded="true" aria-controls="commands" aria-autocomplete="list" placeholder=${t('Search or run a command')}
      aria-activedescendant=${() => `command-${at.value}`} @keydown=${onKey} @input=${(/** @type {any} */ e) => {
        text.value = e.target.value
        at.value = 0
        clearTimeout(timer)
        if (text.peek().startsWith('>') || text.peek().replace(/^[#@]/, '').trim().length < 2) return void (hits.value = [])
        timer = setTimeout(async () => {
          const asked = text.peek()
          const rows = await findRecords(asked.trim())
          if (text.peek() === asked) hits.value = rows
        }, 150)
      }}></div>
    <p class="dim palette-hint">${t('> commands only, # records by number, @ people')}</p>
    <div role="listbox" id="commands" aria-label=${t('Commands')} class="palette-list">${each(() => found.value.map((entry, i) => ({ entry, i })), ({ entry }) => entry.key, (row) => html`
      <div role="option" id=${() => `command-${row.value.i}`} aria-selected=${() => String(row.value.i === at.value)} @click=${() => run(row.peek().i)}>
        ${() => icon(row.value.entry.icon)}<span>${() => row.value.entry.name}</span>${() => row.value.entry.note && html`<small>${row.value.entry.note}</small>`}
        ${() => row.value.entry.keys && html`<kbd>${row.value.entry.keys}</kbd>`}</div>`)}</div>
    <p class="palette-none" role="status">${() => (found.value.length ? '' : t('Nothing is called that.'))}</p>
  </div>`
})

/** Opens the palette. */
export const openPalette = () => openDialog(t('Search or run a command'), (close) => paletteView(() => close()), 'palette')

/** Lists the shortcuts that hold here. */
export const openShortcuts = () =>
  openDialog(t('Keyboard shortcuts'), (close) => html`<div class="stack"><div class="dialog-head"><h2>${t('Keyboard shortcuts')}</h2>
    <button type="button" class="button plain square" aria-label=${t('Close')} @click=${() => close()}>${icon('x')}</button></div>
    <table class="plain-table"><tbody>${commands().filter((command) => command.keys).map((command) => html`<tr><th scope="row">${command.name}</th><td>${command.keys?.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</td></tr>`)}</tbody></table></div>`, 'wide')
