// @ts-check
// Which columns a list has and which fields a form: for oneself, a team or everybody; what each layer changes stands there in words.

import { component, html, icon, openDialog, showFailure, toast } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, signal } from '../kit/reactive.js'
import { arranged, below, difference, keepLayer, operationsOf } from '../data/layers.js'
import { t } from '../lang/words.js'

/** @typedef {import('../data/layers.js').Mine} Mine */
const unlisted = ['one2many', 'binary', 'json', 'html', 'text', 'many2one_reference', 'properties']

/**
 * Asks which columns are shown; answers whether something was changed.
 * @param {string} model
 * @param {any} view
 */
export const arrangeViews = (model, view) => openDialog(t('Columns and fields'), (close) => form(model, view, close), 'wide')

/** @param {Mine} whose */
const whoseWords = (whose) => whose.level === 'person' ? t('Only me') : whose.level === 'team' ? t('Team {name}', { name: whose.owner }) : t('Everybody')
/** @param {any} layer */
const layerWords = (layer) => layer.level === 'person' ? t('Mine') : layer.level === 'team' ? t('Team {name}', { name: layer.owner }) : t('Everybody’s, by an administrator')

/** @param {any} view @param {import('../data/layers.js').Operation} step */
function stepWords(view, step) {
  const name = (/** @type {string | null | undefined} */ field) => t(view.fields[field ?? '']?.string ?? field ?? '')
  const values = { field: name(step.field), other: name(step.after), n: step.pixels ?? 0 }
  if (step.op === 'hide') return step.view === 'form' ? t('hides “{field}” in the form', values) : t('hides the column “{field}”', values)
  if (step.op === 'show') return step.after ? t('shows the column “{field}” after “{other}”', values) : t('shows the column “{field}”', values)
  if (step.op === 'move') return step.after ? t('moves “{field}” after “{other}”', values) : t('moves “{field}” to the beginning', values)
  if (step.op === 'width') return t('makes “{field}” {n} pixels wide', values)
  return step.is === 'compact' ? t('puts rows close together') : t('gives rows more room')
}

const form = component((/** @type {string} */ model, /** @type {any} */ view, /** @type {(answer?: boolean) => void} */ close) => {
  /** @type {Mine[]} */
  const mine = view.layers?.mine ?? []
  const whose = signal(mine[0])
  const found = signal('')
  const problem = signal('')
  const rest = (/** @type {Mine} */ at) => operationsOf(view, at)
  const start = (/** @type {Mine} */ at) => arranged(below(view, at), rest(at))
  const columns = signal(start(mine[0]))
  const hiddenOf = (/** @type {Mine} */ at) => rest(at).filter((step) => step.op === 'hide' && step.view === 'form').map((step) => String(step.field))
  const inForm = signal(hiddenOf(mine[0]))
  const density = signal(rest(mine[0]).find((step) => step.op === 'density')?.is ?? '')
  const name = (/** @type {string} */ field) => t(view.fields[field]?.string ?? field)
  const others = computed(() => Object.keys(view.fields).filter((field) => !columns.value.includes(field) && !unlisted.includes(view.fields[field].type) && view.fields[field].string)
    .filter((field) => !found.value || name(field).toLowerCase().includes(found.value.toLowerCase())).sort((a, b) => name(a).localeCompare(name(b))))
  const usual = computed(() => below(view, whose.value))

  /** @param {Mine} next */
  function choose(next) {
    whose.value = next
    columns.value = start(next)
    inForm.value = hiddenOf(next)
    density.value = rest(next).find((step) => step.op === 'density')?.is ?? ''
  }
  /** @param {string} field @param {number} by */
  function move(field, by) {
    const list = [...columns.peek()]
    const at = list.indexOf(field)
    const to = Math.max(0, Math.min(list.length - 1, at + by))
    list.splice(to, 0, ...list.splice(at, 1))
    columns.value = list
    queueMicrotask(() => /** @type {HTMLElement | null} */ (document.querySelector(`[data-column="${field}"] [data-by="${by}"]`))?.focus())
  }
  /** @param {Mine} at @param {import('../data/layers.js').Operation[]} operations @param {string} said */
  async function keep(at, operations, said) {
    try {
      await keepLayer(model, at, operations)
      toast(said)
      close(true)
    } catch (error) {
      problem.value = `${/** @type {any} */ (error).message} ${/** @type {any} */ (error).instruction ?? ''}`
      if (!(/** @type {any} */ (error).status)) showFailure(error)
    }
  }
  function save() {
    if (!columns.peek().length) return void (problem.value = t('A list needs at least one column.'))
    const widths = rest(whose.peek()).filter((step) => step.op === 'width')
    /** @type {import('../data/layers.js').Operation[]} */
    const fields = inForm.peek().map((field) => ({ op: 'hide', view: 'form', field }))
    /** @type {import('../data/layers.js').Operation[]} */
    const close = density.peek() ? [{ op: 'density', is: density.peek() }] : []
    return keep(whose.peek(), [...difference(usual.peek(), columns.peek()), ...widths, ...fields, ...close], t('Arranged.'))
  }
  const shown = (/** @type {any} */ cell) => {
    const field = cell.peek()
    return html`<li data-column=${field}><label class="tick"><input type="checkbox" checked @change=${() => (columns.value = columns.peek().filter((other) => other !== field))}><span>${name(field)}</span></label>
      <span><button type="button" class="button plain square small" data-by="-1" aria-label=${t('{name} earlier', { name: name(field) })} ?disabled=${() => columns.value[0] === field} @click=${() => move(field, -1)}>${icon('arrow-up')}</button>
        <button type="button" class="button plain square small" data-by="1" aria-label=${t('{name} later', { name: name(field) })} ?disabled=${() => columns.value.at(-1) === field} @click=${() => move(field, 1)}>${icon('arrow-down')}</button></span></li>`
  }
  const other = (/** @type {any} */ cell) => {
    const field = cell.peek()
    return html`<li><label class="tick"><input type="checkbox" @change=${() => (columns.value = [...columns.peek(), field])}><span>${name(field)}</span></label></li>`
  }
  const formFields = view.form.sections.flatMap((/** @type {any} */ section) => section.fields).concat(inForm.peek()).filter((/** @type {string} */ field, /** @type {number} */ i, /** @type {string[]} */ all) => all.indexOf(field) === i && view.fields[field] && !view.fields[field].required)
  const layers = view.layers?.layers ?? []
  const isMine = (/** @type {any} */ layer) => mine.find((at) => at.level === layer.level && (at.level !== 'team' || at.owner === layer.owner))
  return html`<form class="stack columns-form" @submit=${(/** @type {Event} */ e) => {
    e.preventDefault()
    save()
  }}><h2>${t('Columns and fields')}</h2>
    ${mine.length > 1 && html`<fieldset class="pick"><legend>${t('For whom')}</legend><div class="chips">${mine.map((at, i) => html`<label class="tick"><input type="radio" name="whose" ?checked=${i === 0} @change=${() => choose(at)}><span>${whoseWords(at)}</span></label>`)}</div></fieldset>`}
    <div role="alert">${() => problem.value && html`<p class="error-line">${icon('alert')}<span>${problem.value}</span></p>`}</div>
    <div class="columns-pair"><section><h3 id="columns-shown">${t('Shown, in this order')}</h3><ul class="column-list" aria-labelledby="columns-shown">${each(() => columns.value, (field) => field, shown)}</ul></section>
      <section><h3 id="columns-other">${t('Not shown')}</h3><input class="input" type="search" aria-label=${t('Find a field')} placeholder=${t('Find a field')} @input=${(/** @type {any} */ e) => (found.value = e.target.value)}>
        <ul class="column-list" aria-labelledby="columns-other">${each(() => others.value, (field) => field, other)}</ul></section></div>
    <details><summary>${t('Fields of the form, rows')}</summary><fieldset class="ticks">${formFields.map((/** @type {string} */ field) => html`<label class="tick"><input type="checkbox" .checked=${() => !inForm.value.includes(field)} @change=${(/** @type {any} */ e) => (inForm.value = e.target.checked ? inForm.peek().filter((one) => one !== field) : [...inForm.peek(), field])}><span>${name(field)}</span></label>`)}</fieldset>
      <div class="field"><label for="rows-density">${t('Rows')}</label><select class="input" id="rows-density" @change=${(/** @type {any} */ e) => (density.value = e.target.value)}>${[['', 'As everywhere'], ['compact', 'Close together'], ['comfortable', 'With more room']].map(([key, label]) => html`<option value=${key} ?selected=${() => density.value === key}>${t(label)}</option>`)}</select></div></details>
    <details ?open=${layers.length > 0}><summary>${t('What was changed, and by whom')}</summary><ol class="layer-list"><li><strong>${t('As the program shows it')}</strong> <span class="dim">${(view.layers?.base ?? []).map(name).join(', ')}</span></li>
      ${layers.map((/** @type {any} */ layer) => html`<li><strong>${layerWords(layer)}</strong><ul>${layer.operations.map((/** @type {any} */ step) => html`<li>${stepWords(view, step)}</li>`)}</ul>
        ${isMine(layer) && html`<button type="button" class="button small" aria-label=${t('Reset: {layer}', { layer: layerWords(layer) })} @click=${() => keep(/** @type {Mine} */ (isMine(layer)), [], t('Reset.'))}>${icon('undo')}<span>${t('Reset')}</span></button>`}</li>`)}</ol></details>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${t('Keep')}</button></div></form>`
})
