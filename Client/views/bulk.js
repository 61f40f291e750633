// @ts-check
// One change for many records: choose it, see what will change and what is left out and why, do it, and take it back.

import { component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { editor, outgoing } from '../fields/edit.js'
import { words } from '../fields/show.js'
import { askAction } from './ask.js'
import { exportRecords } from './transfer.js'
import { t } from '../lang/words.js'

/** How many records go in one call. */
const PART = 200

/** @typedef {{ id: number, done: boolean, name?: string, before?: any, version?: number, message?: string }} Line */

/** @param {{ source: any, view: any, selected: any }} of */
export const bulkActions = component(({ source, view, selected }) => html`${() => (view.value?.list.bulk ?? []).length > 0 && view.value.can.write && html`<button type="button" class="button" @click=${() => change(source, view.peek(), selected)}>${icon('pencil')}<span>${t('Change')}</span></button>`}
  ${() => Object.keys(view.value?.titles ?? {}).length > 0 && view.value.can.write && html`<button type="button" class="button" @click=${() => void act(source, view.peek(), selected)}>${icon('arrow-right')}<span>${t('Do')}</span></button>`}
  <button type="button" class="button" @click=${() => exportRecords(source, view.peek(), 'xlsx', [...selected.peek()])}>${icon('download')}<span>${t('Export')}</span></button>`)

/** The most records for which actions are looked up at once. */
const ACTED = 200

/**
 * An action for many: what is offered for at least one of them, for how many, and who is left out.
 * @param {any} source @param {any} view @param {any} selected
 */
async function act(source, view, selected) {
  const ids = [...selected.peek()].slice(0, ACTED)
  try {
    const offered = await call('actions', { model: source.model, ids })
    /** @type {Map<string, { title: string, ids: number[] }>} */
    const found = new Map()
    for (const id of ids) for (const action of offered[id] ?? []) {
      const known = found.get(action.name) ?? { title: String(action.title), ids: /** @type {number[]} */ ([]) }
      known.ids.push(Number(id))
      found.set(action.name, known)
    }
    const chosen = await openDialog(t('Do for {n} records', { n: ids.length }), (/** @type {(answer?: any) => void} */ close) => html`<div class="stack"><h2>${t('Do for {n} records', { n: ids.length })}</h2>
      ${selected.peek().size > ACTED && html`<p class="dim">${t('Actions are done for {n} records at a time.', { n: ACTED })}</p>`}
      ${found.size === 0 && html`<p>${t('Nothing can be done for any of them now.')}</p>`}
      <ul class="stack tight">${[...found].map(([name, { title, ids: those }]) => html`<li><button type="button" class="button" @click=${() => close(name)}><span>${t(title)}</span> <span class="dim number">${t('{n} of {all}', { n: those.length, all: ids.length })}</span></button></li>`)}</ul>
      <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button></div></div>`, 'narrow')
    if (!chosen) return
    const { title, ids: those } = /** @type {any} */ (found.get(/** @type {any} */ (chosen)))
    const facts = view.actions[/** @type {any} */ (chosen)] ?? { asks: [], consequence: '', weight: 'plain' }
    const answers = await askAction(t(title), facts, { model: source.model, id: those[0], subject: t('{n|One record|{n} records}; {left|one is|{left} are} left out, as it is not offered for them.', { n: those.length, left: ids.length - those.length }) })
    if (!answers) return
    const known = versions(source)
    /** @type {string[]} */
    const refused = []
    const run = async (/** @type {(done: number) => void} */ step) => {
      for (const [i, id] of those.entries()) {
        step(i)
        await call('action', { model: source.model, ids: [id], name: chosen, arguments: answers, ...(known.get(id) && { version: known.get(id) }) }).catch((error) => refused.push(`#${id}: ${error.message}`))
      }
      return true
    }
    const { inBackground } = await import('../shell/jobs.js')
    await inBackground(t(title), those.length, run)
    selected.value = new Set()
    source.again()
    toast(refused.length ? t('“{action}” is done for {n}, and was refused for {m}: {why}', { action: t(title), n: those.length - refused.length, m: refused.length, why: refused.slice(0, 3).join(' ') }) : t('“{action}” is done.', { action: t(title) }))
  } catch (error) {
    showFailure(error)
  }
}

/**
 * The versions of the rows that are shown, by id.
 * @param {any} source
 */
function versions(source) {
  const known = new Map()
  for (const section of source.sections.peek()) for (const cell of section.pages.values()) for (const row of cell.peek() ?? []) known.set(row.id, row.record_version)
  return known
}

/** @param {any} source @param {any} view @param {any} selected */
export async function change(source, view, selected) {
  const choice = await openDialog(t('Change {n} records', { n: selected.peek().size }), (close) => changeForm(view, selected.peek().size, close), 'narrow')
  if (!choice) return
  const { field, value } = /** @type {any} */ (choice)
  const known = versions(source)
  const changes = [...selected.peek()].map((id) => ({ id, version: known.get(id) ?? null, values: { [field.name]: outgoing(value, field) } }))
  try {
    const preview = await inParts(source.model, changes, true, t('Looking at what would change'))
    if (!preview) return
    const isSure = await openDialog(t('What will change'), (close) => previewForm(field, value, preview, namesOf(source, field), close), 'wide')
    if (!isSure) return
    const good = new Set(preview.filter((line) => line.done).map((line) => line.id))
    const lines = await inParts(source.model, changes.filter(({ id }) => good.has(id)), false, t('Changing {n|one record|{n} records}', { n: good.size }))
    if (!lines) return
    const done = lines.filter((line) => line.done)
    selected.value = new Set()
    source.again()
    toast(t('{n|One record|{n} records} changed.', { n: done.length }), { undo: () => takeBack(source, field, done) })
  } catch (error) {
    showFailure(error)
  }
}

/**
 * In parts; many of them go on in the background, where they can be stopped: what was done then stays, and can be taken back.
 * @param {string} model @param {any[]} changes @param {boolean} preview @param {string} title @returns {Promise<Line[] | undefined>}
 */
async function inParts(model, changes, preview, title) {
  /** @type {Line[]} */
  const lines = []
  const run = async (/** @type {(done: number) => void} */ step) => {
    for (let i = 0; i < changes.length; i += PART) {
      step(i)
      lines.push(...(await call('bulk', { model, changes: changes.slice(i, i + PART), preview })))
    }
    return lines
  }
  if (changes.length <= PART) return run(() => {})
  const { inBackground } = await import('../shell/jobs.js')
  return (await inBackground(title, changes.length, run)) ?? (preview ? undefined : lines)
}

/**
 * Names of linked records, as the rows on screen tell them, by id.
 * @param {any} source
 * @param {any} field
 */
function namesOf(source, field) {
  const names = new Map()
  for (const section of source.sections.peek()) for (const cell of section.pages.values()) for (const row of cell.peek() ?? []) if (row[field.name]?.id) names.set(row[field.name].id, row[field.name].display_name)
  return names
}

/**
 * Writes the values from before into every record that nobody changed since.
 * @param {any} source
 * @param {any} field
 * @param {Line[]} lines
 */
async function takeBack(source, field, lines) {
  try {
    const back = (await inParts(source.model, lines.map(({ id, version, before }) => ({ id, version, values: { [field.name]: before[field.name] ?? false } })), false, t('Taking back'))) ?? []
    const left = back.filter((line) => !line.done).length
    toast(left ? t('Taken back, except {n|one that was|{n} that were} changed since.', { n: left }) : t('Taken back.'))
    source.again()
  } catch (error) {
    showFailure(error)
  }
}

const changeForm = component((/** @type {any} */ view, /** @type {number} */ count, /** @type {(answer?: any) => void} */ close) => {
  const fields = view.list.bulk.map((/** @type {string} */ name) => ({ ...view.fields[name], name }))
  const field = signal(fields[0])
  const value = signal(/** @type {any} */ (false))
  return html`<form class="stack" @submit=${(/** @type {Event} */ e) => {
    e.preventDefault()
    close({ field: field.peek(), value: value.peek() })
  }}><h2>${t('Change {n} records', { n: count })}</h2>
    <div class="field"><label for="bulk-field">${t('Field')}</label><select class="input" id="bulk-field" @change=${(/** @type {any} */ e) => {
      field.value = fields[e.target.selectedIndex]
      value.value = false
    }}>${fields.map((/** @type {any} */ each) => html`<option>${t(each.string)}</option>`)}</select></div>
    <div class="field"><label for="bulk-value">${t('New value')}</label>${() => editor({ id: 'bulk-value', field: field.value, value: () => value.value, set: (next) => (value.value = next) })}</div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${t('Show what will change')}</button></div></form>`
})

/** @param {any} field @param {any} value @param {Line[]} lines @param {Map<number, string>} names @param {(answer?: any) => void} close */
function previewForm(field, value, lines, names, close) {
  const good = lines.filter((line) => line.done)
  const left = lines.filter((line) => !line.done)
  const shown = (/** @type {any} */ before) => (field.type === 'many2one' ? (before ? names.get(before) ?? `#${before}` : '–') : words(before, field) || '–')
  return html`<form class="stack" @submit=${(/** @type {Event} */ e) => {
    e.preventDefault()
    close(true)
  }}><h2>${t('{n|One record|{n} records} will change', { n: good.length })}</h2><p>${t(field.string)}: <strong>${words(value, field) || t('empty')}</strong></p>
    ${left.length > 0 && html`<div class="notice">${icon('info')}<span>${t('{n|One is|{n} are} left out:', { n: left.length })} ${left.slice(0, 5).map((line) => html`<br>#${line.id}: ${line.message}`)}</span></div>`}
    <div class="scroll tall-scroll"><table class="plain-table"><thead><tr><th scope="col">${t('Record')}</th><th scope="col">${t('Now')}</th></tr></thead><tbody>
      ${good.slice(0, 100).map((line) => html`<tr><td>${line.name}</td><td class="dim">${shown(line.before[field.name])}</td></tr>`)}</tbody></table></div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary" ?disabled=${!good.length}>${t('Change {n|one record|{n} records}', { n: good.length })}</button></div></form>`
}
