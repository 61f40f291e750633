// @ts-check
// One record: title, path, actions, fields with explicit save, rail, related records and history.

import { component, confirmStep, html, icon, iconButton, menu, showFailure, toast } from '../kit/ui.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call, newKey, records } from '../data/api.js'
import { follow } from '../data/events.js'
import { shows } from '../data/shown.js'
import { t } from '../lang/words.js'
import { editor, isEditable, outgoing, same } from '../fields/edit.js'
import { cell, isEmpty, words } from '../fields/show.js'
import { offer } from '../shell/keys.js'
import { problemSummary } from './problems.js'
import { attend, present } from '../data/presence.js'
import { mayWait, onSent, wait } from '../data/queue.js'
import { guardLeaving, goQuery, unsaved } from '../shell/router.js'
import { recordAddress } from '../shell/state.js'
import { actionBar } from './actions.js'
import { resolveConflict } from './conflict.js'
import { edge } from './edge.js'
import { dropDraft, keepDraft, keptDraft } from './drafts.js'
import { files } from './files.js'
import { history } from './history.js'
import { rail } from './rail.js'

/**
 * @typedef {object} RecordState what the parts of a record share
 * @property {any} data the answer of the server: values, actions, parts, can, history
 * @property {any} view
 * @property {string} model
 * @property {(answer: any) => void} take
 * @property {() => Promise<void>} reload
 * @property {() => Promise<boolean>} save
 * @property {any} isDirty
 */

/**
 * Models whose records have a screen of their own: its path, an icon and a word.
 * @type {Record<string, [string, string, string]>}
 */
const viewers = { 'care.document': ['document', 'document', 'Open the pages'], 'base.automation': ['rule', 'rule', 'Open the editor'] }

/** @param {{ model: string, id: number | null, close: () => void, full: () => void, isFull: any, saved: (answer: any) => void, next: () => number | null, isAlone?: boolean }} of */
export const recordPanel = component(({ model, id, close, full, isFull, saved, next, isAlone = false }) => {
  const data = signal(/** @type {any} */ (null))
  const view = signal(/** @type {any} */ (null))
  const draft = signal(/** @type {Record<string, any>} */ ({}))
  const failure = signal(/** @type {any} */ (null))
  const problems = signal(/** @type {Record<string, string>} */ ({}))
  const isSaving = signal(false)
  const outside = signal('')
  const isDirty = computed(() => Object.keys(draft.value).length > 0)

  const load = async () => {
    try {
      const answer = id ? await call('record', { model, id, describe: view.peek() === null }) : await call('defaults', { model, describe: true, fields: [] })
      if (answer.view) view.value = answer.view
      if (!id) {
        const names = answer.view.form.sections.flatMap((/** @type {any} */ section) => section.fields)
        const defaults = await call('defaults', { model, fields: names })
        data.value = { id: null, values: defaults.values, actions: [], parts: {}, can: { write: true, unlink: false }, history: [] }
      } else data.value = answer
      failure.value = null
      outside.value = ''
    } catch (error) {
      failure.value = error
    }
  }
  load().then(() => {
    const kept = keptDraft(model, id)
    if (kept && id && kept.version === data.peek()?.values.record_version) {
      draft.value = kept.values
      toast(t('What you had typed is still here.'), { label: t('Discard'), undo: discard })
    }
  })

  const take = (/** @type {any} */ answer) => {
    data.value = { ...data.peek(), ...answer }
    saved(answer)
  }
  const value = (/** @type {string} */ name) => (name in draft.value ? draft.value[name] : data.value?.values[name])
  /** @param {string} name @param {any} next */
  function set(name, next) {
    const rest = { ...draft.peek() }
    if (same(next, data.peek()?.values[name])) delete rest[name]
    else rest[name] = next
    draft.value = rest
    if (problems.peek()[name]) problems.value = { ...problems.peek(), [name]: '' }
    keepDraft(model, id, data.peek()?.values.record_version, view.peek()?.fields ?? {}, rest)
  }
  const discard = () => {
    draft.value = {}
    problems.value = {}
    dropDraft(model, id)
  }

  /** Saves what was changed; a record that somebody else changed is brought together field by field. */
  /** @returns {Promise<boolean>} */
  async function save() {
    if (!isDirty.peek() || isSaving.peek()) return true
    const fields = view.peek().fields
    const wrong = Object.fromEntries(Object.keys(fields).filter((name) => shown.peek().has(name) && fields[name].required && !fields[name].readonly && isEmpty(untracked(() => value(name)), fields[name]) && fields[name].type !== 'boolean')
      .map((name) => [name, t('Enter {label}', { label: t(fields[name].string).toLowerCase() })]))
    problems.value = wrong
    const first = Object.keys(wrong)[0]
    if (first) {
      document.getElementById(`field-${first}`)?.focus()
      return false
    }
    isSaving.value = true
    const before = data.peek()
    const values = Object.fromEntries(Object.entries(draft.peek()).map(([name, next]) => [name, outgoing(next, fields[name])]))
    const once = newKey()
    const version = id ? before.values.record_version : null
    try {
      const answer = await records.save(model, id, version, values, once)
      draft.value = {}
      dropDraft(model, id)
      take(answer)
      toast(t('Saved.'), id ? { undo: () => takeBack(before, answer, Object.keys(values)) } : {})
      return true
    } catch (error) {
      const refused = /** @type {any} */ (error)
      if (refused.code === 'record.stale') return await meet(refused)
      if (refused.code === 'client.unreachable' && mayWait(fields, values)) {
        wait({ model, id, version, values, once, title: id ? before.values.display_name : t('New {title}', { title: t(view.peek().title).toLowerCase() }) })
        toast(t('Waiting to send: it is saved when the connection is back.'))
        return false
      }
      if (refused.code === 'field.required') problems.value = Object.fromEntries((refused.details.fields ?? []).map((/** @type {string} */ name) => [name, t('Enter a value')]))
      showFailure(refused)
      return false
    } finally {
      isSaving.value = false
    }
  }

  /**
   * Writes the values from before, unless somebody changed the record since.
   * @param {any} before
   * @param {any} answer
   * @param {string[]} names
   */
  async function takeBack(before, answer, names) {
    const fields = view.peek().fields
    try {
      take(await records.save(model, id, answer.values.record_version, Object.fromEntries(names.map((name) => [name, fields[name].type === 'html' ? before.values[name] : outgoing(before.values[name], fields[name])]))))
      toast(t('Taken back.'))
    } catch (error) {
      showFailure(error)
    }
  }

  /**
   * Somebody else was faster: their values, mine, and a choice for each field that both changed.
   * @param {any} refused
   * @returns {Promise<boolean>}
   */
  async function meet(refused) {
    const fresh = await records.read(model, /** @type {number} */ (id))
    const outcome = await resolveConflict({ view: view.peek(), base: data.peek().values, theirs: fresh.values, mine: draft.peek(), changes: refused.details.changes ?? [] })
    data.value = { ...data.peek(), ...fresh }
    if (outcome === null) {
      toast(t('Nothing was saved. Your changes are still here.'))
      return false
    }
    draft.value = Object.fromEntries(Object.entries(outcome).filter(([name, next]) => !same(next, fresh.values[name])))
    isSaving.value = false
    if (!Object.keys(draft.peek()).length) {
      dropDraft(model, id)
      toast(t('The other values were kept; there is nothing of yours to save.'))
      return true
    }
    return save()
  }

  /** Asks what becomes of changes before one goes elsewhere. */
  async function mayLeave() {
    if (!isDirty.peek()) return true
    const { openDialog } = await import('../kit/ui.js')
    const answer = await openDialog(t('Unsaved changes'), (done) => html`<div class="stack"><h2>${t('Save your changes?')}</h2><p>${changedWords()}</p><div class="dialog-foot">
      <button type="button" class="button" @click=${() => done('stay')}>${t('Stay')}</button><button type="button" class="button" @click=${() => done('discard')}>${t('Discard')}</button>
      <button type="button" class="button primary" @click=${() => done('save')}>${t('Save')}</button></div></div>`, 'narrow')
    if (answer === 'discard') discard()
    return answer === 'discard' || (answer === 'save' && (await save()))
  }
  const changedWords = () => t('Changed: {fields}', { fields: Object.keys(draft.value).map((name) => t(view.value?.fields[name]?.string ?? name)).join(', ') })

  guardLeaving(mayLeave)
  effect(() => (unsaved.value = isDirty.value))
  onCleanup(() => {
    guardLeaving(null)
    unsaved.value = false
  })
  if (id) onCleanup(attend(model, id))
  if (id) onCleanup(shows('record', () => ({ model, ids: [id] })))
  onCleanup(onSent((save, answer) => {
    if (save.model !== model || save.id !== id) return
    draft.value = Object.fromEntries(Object.entries(draft.peek()).filter(([name]) => !(name in save.values)))
    keepDraft(model, id, answer.values.record_version, view.peek()?.fields ?? {}, draft.peek())
    take(answer)
  }))
  if (id) onCleanup(follow(model, async (change) => {
    if (change && !change.ids.includes(id)) return
    if (!isDirty.peek()) return load()
    const fresh = await records.read(model, id).catch(() => null)
    if (fresh && fresh.values.record_version !== data.peek().values.record_version) outside.value = t('{name} changed this record just now.', { name: fresh.values.write_uid?.display_name ?? t('Somebody') })
  }))
  const goNext = () => {
    const other = next()
    if (other) goQuery({ record: String(other) }, { replace: true })
  }
  onCleanup(offer('record', [
    { name: t('Save'), keys: 'Ctrl Enter', icon: 'check', run: () => void save() },
    { name: t('Next record'), keys: 'J', icon: 'arrow-down', run: goNext },
    { name: t('Edit'), keys: 'E', icon: 'pencil', run: () => /** @type {HTMLElement | null} */ (document.querySelector('.record .sections .input'))?.focus() },
    { name: t('Write a message'), keys: 'M', icon: 'message', run: () => compose('message') }, { name: t('Write a note'), keys: 'N', icon: 'note', run: () => compose('note') },
  ]))

  async function remove() {
    const isSure = await confirmStep(t('Delete this record?'), t('It is deleted for good, with what belongs to it.'), t('Delete'))
    if (!isSure) return
    try {
      await call('delete', { model, ids: [id], version: data.peek().values.record_version })
      toast(t('Deleted.'))
      close()
    } catch (error) {
      showFailure(error)
    }
  }

  const shown = computed(() => new Set((view.value?.form.sections ?? []).flatMap((/** @type {any} */ section) => section.fields)))
  const can = computed(() => Boolean(id ? data.value?.can.write : view.value?.can.create))
  /** @param {string} kind */
  const compose = (kind) => {
    /** @type {HTMLElement | null} */ (document.querySelector(`.composer input[value=${kind}]`))?.click()
    document.getElementById('composer')?.focus()
  }
  const state = { data, view, model, take, reload: load, save, isDirty }

  const title = () => (id ? (data.value?.values.display_name ?? '') : t('New {title}', { title: t(view.value?.title ?? '').toLowerCase() }))
  const subtitle = () => (view.value?.form.subtitle ?? []).map((/** @type {string} */ name) => ({ ...view.value.fields[name], name }))
    .filter((/** @type {any} */ field) => field.type && !isEmpty(data.value?.values[field.name], field) && words(data.value.values[field.name], field) !== data.value.values.display_name)
    .map((/** @type {any} */ field, /** @type {number} */ i) => html`${i > 0 && ' · '}<span>${words(data.value.values[field.name], field)}</span>`)

  const schemeOf = (/** @type {string} */ name) => (/phone|mobile/.test(name) ? 'tel' : /^email$|_email$/.test(name) ? 'mailto' : '')
  /**
   * A way to call or to write, where a field says how.
   * @param {string} scheme
   * @param {any} text
   */
  const reach = (scheme, text) => {
    if (typeof text !== 'string' || !text.trim()) return null
    const to = scheme === 'tel' ? text.replace(/[^+\d]/g, '') : text.trim()
    return to && html`<a class="reach" href=${`${scheme}:${to}`}>${icon(scheme === 'tel' ? 'phone' : 'mail')}<span>${scheme === 'tel' ? t('Call {text}', { text }) : t('Write to {text}', { text })}</span></a>`
  }

  /** @param {string} name */
  const fieldView = (name) => {
    const field = { ...view.peek().fields[name], name }
    const isOpen = computed(() => can.value && !field.readonly && isEditable(field.type))
    // What a reference leads to is named by the field beside it, which says nothing to people.
    if (name === 'res_model') return null
    const referred = () => (field.type === 'many2one_reference' && data.value?.values.res_model && (value(name)?.id ?? value(name))) || 0
    const address = () => (field.type === 'many2one' && value(name)?.id ? recordAddress(field.relation, value(name).id) : referred() ? recordAddress(data.value.values.res_model, referred()) : '')
    return html`<div class=${() => `field${name in draft.value ? ' changed' : ''}${['text', 'html', 'json'].includes(field.type) || field.name.startsWith('filter_') ? ' tall' : ''}`}>
      ${() => (isOpen.value ? html`<label for=${`field-${name}`}>${t(field.string)}</label>` : html`<span class="label">${t(field.string)}</span>`)}
      ${() => problems.value[name] && html`<span class="problem" id=${`problem-${name}`}>${problems.value[name]}</span>`}
      ${() => (isOpen.value ? editor({ id: `field-${name}`, field, value: () => value(name), set: (next) => set(name, next), of: value, describedBy: `problem-${name}`, isWrong: () => Boolean(problems.value[name]) })
        : html`<div class="value">${() => (address() ? html`<a href=${address()}>${referred() ? t('Open the record') : words(value(name), field)}</a>` : cell(value(name), field, view.value.tones))}</div>`)}
      ${schemeOf(name) && (() => reach(schemeOf(name), value(name)))}
      ${field.help && html`<span class="hint">${t(field.help)}</span>`}</div>`
  }

  const path = () => {
    const name = view.value?.form.path
    const field = name && view.value.fields[name]
    if (!field || field.type !== 'selection' || !data.value || !id) return null
    const now = data.value.values[name]
    const steps = field.selection.filter((/** @type {any} */ [key]) => !view.value.form.asides.includes(key) || key === now)
    const at = steps.findIndex((/** @type {any} */ [key]) => key === now)
    return html`<ol class="path" aria-label=${t(field.string)}>${steps.map((/** @type {any} */ [key, label], /** @type {number} */ i) => html`<li class=${i < at ? 'past' : i === at ? 'now' : ''} aria-current=${i === at && 'step'} title=${t(label)}>
      ${i < at && icon('check', t('done'))}<span>${t(label)}</span></li>`)}</ol>`
  }

  const related = () => (view.value?.form.related ?? []).map((/** @type {any} */ part) => {
    const rows = data.value?.values[part.field] ?? []
    return rows.length > 0 && html`<section class="block"><h3>${t(part.title)} <span class="dim number">${rows.length}</span></h3>
      <div class="scroll"><table class="plain-table"><thead><tr>${part.columns.map((/** @type {any} */ column) => html`<th scope="col">${t(column.title)}</th>`)}</tr></thead>
      <tbody>${rows.map((/** @type {any} */ row) => html`<tr>${part.columns.map((/** @type {any} */ column, /** @type {number} */ i) => html`<td>${i === 0
        ? html`<a href=${part.model === 'care.document' ? `/app/document/${row.id}` : recordAddress(part.model, row.id)}>${words(row[column.name], { ...column, string: column.title }) || row.display_name}</a>`
        : words(row[column.name], { ...column, string: column.title }) || '–'}</td>`)}</tr>`)}</tbody></table></div></section>`
  })

  const skeleton = () => html`<div class="spinner" role="status"><span class="visually-hidden">${t('Loading')}</span></div>`
  const body = () => {
    if (failure.value && !data.value) return html`<div class="empty">${icon('alert')}<h2>${failure.value.message}</h2><p>${failure.value.instruction}</p><button type="button" class="button" @click=${load}>${t('Try again')}</button></div>`
    if (!view.value || !data.value) return skeleton()
    return untracked(() => html`<div class="record-body"><div class="sections" @keydown=${(/** @type {KeyboardEvent} */ e) => {
      if (e.key !== 'Enter' || !(e.ctrlKey || e.metaKey)) return
      e.preventDefault()
      ;/** @type {HTMLElement} */ (document.activeElement)?.dispatchEvent(new Event('change', { bubbles: true }))
      save()
    }}>${view.peek().form.sections.map((/** @type {any} */ section) => html`<section class="block">${section.title && html`<h3>${t(section.title)}</h3>`}<div class="fields">${section.fields.map(fieldView)}</div></section>`)}
      ${related}${files(state)}</div>
      ${id && rail(state)}
      ${id && view.peek().chatter && history(state)}</div>`)
  }
  const isReady = computed(() => Boolean(view.value && data.value))

  return html`<section class="record" aria-label=${() => t('Record {name}', { name: title() })}>${!isAlone && edge()}
    <header class="record-head"><div class="record-line">
        ${!isAlone && iconButton('x', t('Close'), close)}
        <h2 tabindex="-1">${title}</h2>
        <div class="end">${id && !isAlone && viewers[model] && html`<a class="button" href=${`/app/${viewers[model][0]}/${id}`}>${icon(viewers[model][1])}<span>${t(viewers[model][2])}</span></a>`}${id && !isAlone && iconButton('arrow-down', t('Next record'), goNext)}${!isAlone && iconButton('expand', t('Full screen'), full, 'desk')}
          ${() => data.value?.can.unlink && menu(icon('more'), t('More'), () => [{ label: t('Copy address'), icon: 'copy', press: () => void navigator.clipboard?.writeText(location.href) }, { label: t('Print'), icon: 'print', press: () => void import('../shell/print.js').then(() => print(), () => print()) }, { label: t('Delete'), icon: 'trash', style: 'danger', press: remove }], 'plain square')}</div></div>
      <p class="record-sub dim">${subtitle}</p>
      ${path}
      ${id && actionBar(state)}
    </header>
    <div class="record-news"><div role="status">${() => id && present(model, id).length > 0 && html`<p class="others"><span class="here"></span>${t('Also opened by {names}', { names: present(model, id).join(', ') })}</p>`}</div>
    ${() => outside.value && html`<div class="notice">${icon('info')}<span>${outside.value} ${t('Saving will show you both.')}</span></div>`}
    ${problemSummary(problems, view)}</div>
    <div class="record-scroll">${() => (isReady.value || failure.value ? body() : skeleton())}</div>
    ${() => (isDirty.value || (!id && isReady.value)) && html`<div class="savebar" role="region" aria-label=${t('Unsaved changes')}><span>${() => (isDirty.value ? changedWords() : '')}</span>
      <div class="end"><button type="button" class="button" @click=${() => (id ? discard() : close())}>${id ? t('Discard') : t('Cancel')}</button>
      <button type="button" class="button primary" aria-keyshortcuts="Control+Enter" ?disabled=${() => isSaving.value || !isDirty.value} @click=${save}>${() => (isSaving.value ? t('Saving') : t('Save'))}</button></div></div>`}
  </section>`
})
