// @ts-check
// Records out into files and in from them: what is exported is what is searched, with the columns of the list; what comes in is tried first.

import { component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { serverMoment, showMoment } from '../data/format.js'
import { words } from '../fields/show.js'
import { readCSV, readXLSX, writeCSV, writeXLSX } from '../data/table.js'
import { t } from '../lang/words.js'

/** The most rows of one export, of one page of it, and of one import; how many rows of an import go in one call. */
const EXPORTED = 100_000
const PAGE = 500
const IMPORTED = 50_000
const PART = 1_000
/** Rows from which on an export goes on in the background. */
const MANY = 2_000
/** Milliseconds for which an import can be taken back. */
const DAY = 86_400_000

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
    const all = Math.min(EXPORTED, ids?.length ?? source.total.peek())
    /** @type {number[]} */
    const gone = []
    const gather = async (/** @type {(done: number) => void} */ step) => {
      /** @type {any[][]} */
      const rows = [columns.map((/** @type {any} */ field) => t(field.string))]
      for (let offset = 0; offset < EXPORTED; offset += PAGE) {
        step(offset)
        const answer = await call('search', { model: source.model, ...asked, fields: columns.map((/** @type {any} */ field) => field.name), limit: PAGE, offset, ...(query.order && { order: query.order }) })
        for (const row of answer.rows) {
          gone.push(row.id)
          rows.push(columns.map((/** @type {any} */ field) => (['integer', 'float', 'monetary'].includes(field.type) && row[field.name] !== false ? Number(row[field.name]) : words(row[field.name], field))))
        }
        if (answer.rows.length < PAGE) break
      }
      return rows
    }
    const rows = all > MANY ? await import('../shell/jobs.js').then((m) => m.inBackground(t('Exporting {plural}', { plural: t(view.plural).toLowerCase() }), all, gather)) : await gather(() => {})
    if (!rows) return
    const name = view.plural.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')
    handOver(format === 'csv' ? new Blob([writeCSV(rows)], { type: 'text/csv' }) : writeXLSX(rows, view.plural), `${name}.${format}`)
    import('../shell/print.js').then((m) => m.tell(source.model, gone, format), () => {})
    toast(!ids && source.total.peek() > EXPORTED ? t('The first {n} records were exported: narrow the search for the rest.', { n: rows.length - 1 }) : t('{n|One record|{n} records} exported.', { n: rows.length - 1 }))
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
  const done = signal(0)
  const earlier = signal(/** @type {any[]} */ ([]))
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
    const given = rows.peek().slice(1).map((row) => used.map(({ at }) => row[at] ?? ''))
    isBusy.value = true
    messages.value = []
    done.value = 0
    let made = 0
    let batch = 0
    try {
      for (let from = 0; from < given.length; from += PART) {
        const answer = await call('import', { model: source.model, fields: used.map(({ name }) => name), rows: given.slice(from, from + PART), trial: isTrial, ...(batch && { batch }) })
        messages.value = [...messages.peek(), ...answer.messages.map((/** @type {any} */ each) => ({ ...each, row: from + (each.rows?.from ?? each.record ?? 0) + 2 }))]
        if (answer.messages.length && !isTrial) break
        made += answer.ids?.length ?? 0
        batch = answer.batch ?? batch
        done.value = Math.min(given.length, from + PART)
      }
      if (messages.peek().length) verdict.value = made && !isTrial ? t('{n|One row does|{n} rows do} not fit. {made|One record was|{made} records were} made before; take the import back below, or mend the rest of the file.', { n: messages.peek().length, made }) : t('{n|One row does|{n} rows do} not fit. Nothing was kept.', { n: messages.peek().length })
      else if (isTrial) verdict.value = t('Everything fits: {n|one record|{n} records} would be made.', { n: made })
      else {
        close()
        toast(t('{n|One record|{n} records} made.', { n: made }), { undo: () => takeBack(batch) })
      }
      if (!isTrial && made) source.again()
      if (!isTrial) loadEarlier()
    } catch (error) {
      verdict.value = /** @type {any} */ (error).message
    } finally {
      isBusy.value = false
    }
  }
  /**
   * An import as a whole, for a day; what others changed since stays.
   * @param {number} batch
   */
  async function takeBack(batch) {
    try {
      const { deleted, left } = await call('method', { model: 'workspace.import', name: 'take_back', ids: [batch] })
      toast(left ? t('{n|One record was|{n} records were} taken back; {left|one that was|{left} that were} changed since stay.', { n: deleted, left }) : t('Taken back.'))
      source.again()
      loadEarlier()
    } catch (error) {
      showFailure(error)
    }
  }
  const loadEarlier = () => call('search', { model: 'workspace.import', domain: [['model', '=', source.model], ['taken_back', '=', false], ['create_date', '>=', serverMoment(new Date(Date.now() - DAY))]], fields: ['record_count', 'create_date'], order: 'id desc', limit: 10 })
    .then((answer) => (earlier.value = answer.rows), () => {})
  loadEarlier()
  /** The rows that do not fit, with what is wrong with each, to be mended and brought again. */
  const downloadProblems = () => {
    const [head, ...all] = rows.peek()
    handOver(new Blob([writeCSV([[...head, t('Row'), t('Problem')], ...messages.peek().map((/** @type {any} */ each) => [...head.map((_, at) => all[each.row - 2]?.[at] ?? ''), each.row, each.message])])], { type: 'text/csv' }), 'import-problems.csv')
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
    <div role="status">${() => verdict.value && html`<p class=${messages.value.length ? 'error-line' : 'strong'}>${verdict.value}</p>`}${() => messages.value.length > 0 && html`<ul class="import-problems">${messages.value.slice(0, 50).map((/** @type {any} */ each) => html`<li>${t('Row {n}', { n: each.row })}: ${each.message}</li>`)}</ul>
      <button type="button" class="button small" @click=${downloadProblems}>${icon('download')}<span>${t('Download the rows that do not fit')}</span></button>`}</div>
    ${() => isBusy.value && rows.value.length > PART && html`<progress max=${rows.value.length - 1} .value=${() => done.value} aria-label=${t('Import')}></progress>`}
    ${() => earlier.value.length > 0 && html`<details><summary>${t('Imports of the last day')}</summary><ul class="stack tight">${earlier.value.map((each) => html`<li>${t('{n|One record|{n} records}', { n: each.record_count })}, ${showMoment(each.create_date)} <button type="button" class="button small" @click=${() => void takeBack(each.id)}>${t('Take back')}</button></li>`)}</ul></details>`}
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button>
      <button type="button" class="button" ?disabled=${() => isBusy.value || !matched.value.some(Boolean)} @click=${() => run(true)}>${icon('check')}<span>${t('Try it')}</span></button>
      <button type="button" class="button primary" ?disabled=${() => isBusy.value || !matched.value.some(Boolean)} @click=${() => run(false)}>${icon('upload')}<span>${t('Import')}</span></button></div></form>`
})
