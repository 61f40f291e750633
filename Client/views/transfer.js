// @ts-check
// Records out into files and in from them: what is exported is what is searched, with the columns of the list; what comes in is tried first.

import { component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { words } from '../fields/show.js'
import { readCSV, readXLSX, writeCSV, writeXLSX } from '../data/table.js'
import { t } from '../lang/words.js'

/** The most rows of one export, of one page of it, and of one import. */
const EXPORTED = 10_000
const PAGE = 500
const IMPORTED = 5_000

/**
 * Hands a file over.
 * @param {Blob} blob
 * @param {string} name
 */
function handOver(blob, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/**
 * Writes the records that are searched, or those chosen, with the list's columns.
 * @param {any} source
 * @param {any} view
 * @param {'csv' | 'xlsx'} format
 * @param {number[] | null} ids
 */
export async function exportRecords(source, view, format, ids = null) {
  const columns = view.list.columns.map((/** @type {string} */ name) => ({ ...view.fields[name], name }))
  const query = source.query()
  const asked = ids ? { domain: [['id', 'in', ids]] } : { domain: query.domain, filters: query.filters, text: query.text }
  try {
    /** @type {any[][]} */
    const rows = [columns.map((/** @type {any} */ field) => t(field.string))]
    for (let offset = 0; offset < EXPORTED; offset += PAGE) {
      const answer = await call('search', { model: source.model, ...asked, limit: PAGE, offset, ...(query.order && { order: query.order }) })
      for (const row of answer.rows) rows.push(columns.map((/** @type {any} */ field) => (['integer', 'float', 'monetary'].includes(field.type) && row[field.name] !== false ? Number(row[field.name]) : words(row[field.name], field))))
      if (answer.rows.length < PAGE) break
    }
    const name = view.plural.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
    handOver(format === 'csv' ? new Blob([writeCSV(rows)], { type: 'text/csv' }) : writeXLSX(rows, view.plural), `${name}.${format}`)
    toast(t('{n|One record|{n} records} exported.', { n: rows.length - 1 }))
  } catch (error) {
    showFailure(error)
  }
}

/**
 * Takes records in from a file: columns are matched by name, tried without a trace, then made, and can be taken back.
 * @param {any} source
 * @param {any} view
 */
export const importRecords = (source, view) => openDialog(t('Import'), (close) => importForm(source, view, close), 'wide')

const importForm = component((/** @type {any} */ source, /** @type {any} */ view, /** @type {() => void} */ close) => {
  const rows = signal(/** @type {string[][]} */ ([]))
  const matched = signal(/** @type {string[]} */ ([]))
  const messages = signal(/** @type {any[]} */ ([]))
  const verdict = signal('')
  const isBusy = signal(false)
  const fields = Object.entries(view.fields).map(([name, field]) => ({ .../** @type {any} */ (field), name })).filter((field) => !field.readonly && !['binary', 'one2many'].includes(field.type) && field.store)
    .sort((a, b) => t(a.string).localeCompare(t(b.string)))
  /** @param {string} title */
  const match = (title) => {
    const wanted = title.trim().toLowerCase()
    return fields.find((field) => field.name === wanted || field.string.toLowerCase() === wanted || t(field.string).toLowerCase() === wanted)?.name ?? ''
  }
  /** @param {File | undefined} file */
  async function take(file) {
    if (!file) return
    verdict.value = ''
    messages.value = []
    try {
      const found = /\.xlsx$/i.test(file.name) ? await readXLSX(await file.arrayBuffer()) : readCSV(await file.text())
      if (found.length < 2) throw new Error(t('The file has no rows below its head.'))
      if (found.length > IMPORTED + 1) throw new Error(t('At most {n} rows in one file.', { n: IMPORTED }))
      rows.value = found
      matched.value = found[0].map(match)
    } catch (error) {
      rows.value = []
      verdict.value = /** @type {any} */ (error).message
    }
  }
  /** @param {boolean} isTrial */
  async function run(isTrial) {
    const used = matched.peek().map((name, at) => ({ name, at })).filter(({ name }) => name)
    isBusy.value = true
    messages.value = []
    try {
      const answer = await call('import', { model: source.model, fields: used.map(({ name }) => name), rows: rows.peek().slice(1).map((row) => used.map(({ at }) => row[at] ?? '')), trial: isTrial })
      messages.value = answer.messages
      if (answer.messages.length) verdict.value = t('{n|One row does|{n} rows do} not fit. Nothing was kept.', { n: answer.messages.length })
      else if (isTrial) verdict.value = t('Everything fits: {n|one record|{n} records} would be made.', { n: answer.ids.length })
      else {
        close()
        source.again()
        toast(t('{n|One record|{n} records} made.', { n: answer.ids.length }), { undo: () => takeBack(answer.ids) })
      }
    } catch (error) {
      verdict.value = /** @type {any} */ (error).message
    } finally {
      isBusy.value = false
    }
  }
  /** @param {number[]} ids */
  async function takeBack(ids) {
    try {
      await call('delete', { model: source.model, ids })
      toast(t('Taken back.'))
      source.again()
    } catch (error) {
      showFailure(error)
    }
  }
  const preview = () => rows.value.length > 1 && html`<div class="scroll"><table class="plain-table"><thead><tr>${rows.value[0].map((title, at) => html`<th scope="col">${title || t('Column {n}', { n: at + 1 })}<select class="input" aria-label=${t('Field for {title}', { title })} @change=${(/** @type {any} */ e) => {
      matched.value = matched.peek().map((name, i) => (i === at ? e.target.value : name))
      verdict.value = ''
    }}><option value="">${t('Leave out')}</option>${fields.map((field) => html`<option value=${field.name} ?selected=${matched.peek()[at] === field.name}>${t(field.string)}</option>`)}</select></th>`)}</tr></thead>
    <tbody>${rows.value.slice(1, 11).map((row) => html`<tr>${rows.value[0].map((_, at) => html`<td>${row[at] ?? ''}</td>`)}</tr>`)}</tbody></table></div>
    <p class="dim">${t('{n|One row|{n} rows} in the file; the first ten are shown.', { n: rows.value.length - 1 })}</p>`
  return html`<form class="stack" @submit=${(/** @type {Event} */ e) => e.preventDefault()}><h2>${t('Import {plural}', { plural: t(view.plural).toLowerCase() })}</h2>
    <div class="field"><label for="import-file">${t('A file with a head: CSV or XLSX')}</label><input class="input" id="import-file" type="file" accept=".csv,.txt,.xlsx,text/csv" @change=${(/** @type {any} */ e) => take(e.target.files[0])}></div>
    ${preview}
    <div role="status">${() => verdict.value && html`<p class=${messages.value.length ? 'error-line' : 'strong'}>${verdict.value}</p>`}${() => messages.value.length > 0 && html`<ul class="import-problems">${messages.value.slice(0, 50).map((/** @type {any} */ each) => html`<li>${t('Row {n}', { n: (each.rows?.from ?? each.record ?? 0) + 2 })}: ${each.message}</li>`)}</ul>`}</div>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button>
      <button type="button" class="button" ?disabled=${() => isBusy.value || !matched.value.some(Boolean)} @click=${() => run(true)}>${icon('check')}<span>${t('Try it')}</span></button>
      <button type="button" class="button primary" ?disabled=${() => isBusy.value || !matched.value.some(Boolean)} @click=${() => run(false)}>${icon('upload')}<span>${t('Import')}</span></button></div></form>`
})
