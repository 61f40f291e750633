// @ts-check
// The search line: words and facets that can be changed by clicking them, ready filters, grouping, sorting and saved views.

import { component, html, icon, menu, openDialog, showFailure, toast } from '../kit/ui.js'
import { computed, signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { t } from '../lang/words.js'
import { goQuery, place } from '../shell/router.js'
import { me, refreshStart, savedViews } from '../shell/state.js'
import { facetWords, parseTyped, readFacet, writeFacet } from './query.js'

/** @param {{ source: any, view: any, path: string }} of */
export const searchBar = component(({ source, view, path }) => {
  const params = computed(() => place.value.query)
  const facets = computed(() => params.value.getAll('f').map((text) => ({ text, facet: readFacet(text) })).filter(({ facet }) => facet !== null))
  const filters = computed(() => params.value.getAll('filter'))
  const groups = computed(() => params.value.getAll('group'))
  /** @type {number | undefined} */
  let timer

  /** @param {string} old @param {string | null} next */
  const replaceFacet = (old, next) => goQuery({ f: params.peek().getAll('f').flatMap((text) => (text === old ? (next ? [next] : []) : [text])) })
  /** @param {string} name */
  const toggleFilter = (name) => goQuery({ filter: filters.peek().includes(name) ? filters.peek().filter((each) => each !== name) : [...filters.peek(), name] })

  /** @param {any} facet */
  async function addFacet(facet = null, old = '') {
    const made = await openDialog(t('Filter'), (close) => facetForm(view.peek(), facet, close), 'narrow')
    if (made === undefined) return
    const text = made === null ? null : writeFacet(made)
    if (old) replaceFacet(old, text)
    else if (text) goQuery({ f: [...params.peek().getAll('f'), text] })
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    const input = /** @type {HTMLInputElement} */ (document.getElementById('search'))
    const { facets: typed, rest } = parseTyped(input.value, view.peek())
    clearTimeout(timer)
    input.value = rest
    goQuery({ q: rest, f: [...params.peek().getAll('f'), ...typed.map(writeFacet)] })
  }

  /** On a phone: filters, grouping and views in one sheet. */
  const openSheet = () => openDialog(t('Filter and group'), (close) => html`<div class="stack"><div class="dialog-head"><h2>${t('Filter and group')}</h2><button type="button" class="button plain square" aria-label=${t('Close')} @click=${() => close()}>${icon('x')}</button></div>
    <fieldset class="ticks"><legend>${t('Filter')}</legend>${(view.peek()?.search.filters ?? []).map((/** @type {any} */ filter) => html`<label class="tick"><input type="checkbox" .checked=${() => filters.value.includes(filter.name)} @change=${() => toggleFilter(filter.name)}><span>${t(filter.title)}</span></label>`)}
      <button type="button" class="button" @click=${() => { close(); addFacet() }}>${icon('plus')}<span>${t('Another filter')}</span></button></fieldset>
    <div class="field"><label for="sheet-group">${t('Group')}</label><select class="input" id="sheet-group" @change=${(/** @type {any} */ e) => goQuery({ group: e.target.value ? [e.target.value] : [] })}><option value="">${t('Not grouped')}</option>
      ${(view.peek()?.search.groups ?? []).map((/** @type {string} */ name) => html`<option value=${name} ?selected=${groups.peek().includes(name)}>${groupTitle(name)}</option>`)}</select></div>
    <fieldset class="ticks"><legend>${t('Views')}</legend>${savedViews.peek().filter((saved) => saved.path === path).map((saved) => html`<button type="button" class="button" @click=${() => { close(); openSaved(saved) }}>${icon('star')}<span>${saved.name}</span></button>`)}
      <button type="button" class="button" @click=${() => { close(); saveView(path) }}>${icon('plus')}<span>${t('Save this view')}</span></button></fieldset>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => goQuery({ q: null, f: null, filter: null, group: null, sort: null })}>${t('Clear')}</button><button type="button" class="button primary" @click=${() => close()}>${() => t('Show {n|one record|{n} records}', { n: source.total.value })}</button></div></div>`, 'sheet')

  const filterTitle = (/** @type {string} */ name) => t(view.value?.search.filters.find((/** @type {any} */ each) => each.name === name)?.title ?? name)
  const groupTitle = (/** @type {string} */ name) => {
    const [field, part] = name.split(':')
    return t(view.value?.fields[field]?.string ?? field) + (part ? ` (${t(part)})` : '')
  }
  const isAsking = computed(() => facets.value.length > 0 || filters.value.length > 0 || groups.value.length > 0 || params.value.has('q'))

  return html`<div class="facets">
    <form class="searchbox" role="search" @submit=${submit}>
      ${icon('search')}
      ${() => filters.value.map((name) => html`<span class="facet"><span class="facet-words">${icon('filter')}${() => filterTitle(name)}</span>
        <button type="button" aria-label=${() => t('Remove filter {name}', { name: filterTitle(name) })} @click=${() => toggleFilter(name)}>${icon('x')}</button></span>`)}
      ${() => facets.value.map(({ text, facet }) => html`<span class="facet"><button type="button" class="facet-words" title=${t('Change this filter')} @click=${() => addFacet(facet, text)}>${() => facetWords(/** @type {any} */ (facet), view.value?.fields[facet?.field ?? ''])}</button>
        <button type="button" aria-label=${() => t('Remove filter {name}', { name: facetWords(/** @type {any} */ (facet), view.value?.fields[facet?.field ?? '']) })} @click=${() => replaceFacet(text, null)}>${icon('x')}</button></span>`)}
      ${() => groups.value.map((name) => html`<span class="facet group"><span class="facet-words">${icon('group')}${() => groupTitle(name)}</span>
        <button type="button" aria-label=${() => t('Remove grouping {name}', { name: groupTitle(name) })} @click=${() => goQuery({ group: groups.peek().filter((each) => each !== name) })}>${icon('x')}</button></span>`)}
      <input id="search" type="search" autocomplete="off" aria-label=${() => t('Search {plural}', { plural: t(view.value?.plural ?? '') })} placeholder=${t('Search')} .value=${() => params.value.get('q') ?? ''}
        @keydown=${(/** @type {KeyboardEvent} */ e) => {
          const input = /** @type {HTMLInputElement} */ (e.target)
          if (e.key === 'Backspace' && !input.value) {
            const last = params.peek().getAll('f')
            if (last.length) replaceFacet(last[last.length - 1], null)
            else if (filters.peek().length) toggleFilter(filters.peek()[filters.peek().length - 1])
          } else if (e.key === 'Escape') input.blur()
        }}
        @input=${(/** @type {any} */ e) => {
          clearTimeout(timer)
          const text = e.target.value
          timer = setTimeout(() => /[:<>]/.test(text) || goQuery({ q: text }, { replace: true }), 200)
        }}>
      <kbd>/</kbd>
    </form>
    <button type="button" class="button sheet-button" aria-haspopup="dialog" @click=${openSheet}>${icon('filter')}<span>${t('Filter and group')}</span>${() => filters.value.length + facets.value.length + groups.value.length > 0 && html`<span class="count number">${filters.value.length + facets.value.length + groups.value.length}</span>`}</button>
    ${menu(html`${icon('filter')}<span>${t('Filter')}</span>${icon('chevron-down')}`, t('Filter'), () => [
      ...(view.peek()?.search.filters ?? []).map((/** @type {any} */ filter) => ({
        label: t(filter.title), icon: filters.peek().includes(filter.name) ? 'check' : 'filter', press: () => toggleFilter(filter.name),
      })),
      { label: t('Another filter'), icon: 'plus', press: () => addFacet() },
    ])}
    ${menu(html`${icon('group')}<span>${t('Group')}</span>${icon('chevron-down')}`, t('Group'), () => (view.peek()?.search.groups ?? []).map((/** @type {string} */ name) => ({
      label: groupTitle(name), icon: groups.peek().includes(name) ? 'check' : 'group',
      press: () => goQuery({ group: groups.peek().includes(name) ? [] : [name] }),
    })))}
    ${menu(html`${icon('star')}<span>${t('Views')}</span>${icon('chevron-down')}`, t('Saved views'), () => [
      ...savedViews.peek().filter((saved) => saved.path === path).map((saved) => ({ label: saved.name, icon: 'star', press: () => openSaved(saved) })),
      { label: t('Save this view'), icon: 'plus', press: () => saveView(path) },
      ...savedViews.peek().filter((saved) => saved.path === path && saved.user_id?.[0] === me.peek().id).map((saved) => ({ label: t('Change “{name}”', { name: saved.name }), icon: 'pencil', press: () => saveView(path, saved) })),
      ...savedViews.peek().filter((saved) => saved.path === path && saved.user_id?.[0] === me.peek().id).map((saved) => ({ label: t('Delete “{name}”', { name: saved.name }), icon: 'trash', press: () => deleteView(saved) })),
    ])}
    ${() => isAsking.value && html`<button type="button" class="button plain" @click=${() => goQuery({ q: null, f: null, filter: null, group: null, sort: null })}>${t('Clear')}</button>`}
  </div>`
})

/** @param {any} saved */
const openSaved = (saved) => import('../shell/router.js').then(({ go }) => go(`/app/${saved.path}${saved.state}`))

/**
 * Saves what is shown under a name, or over a view of one's own.
 * @param {string} path
 * @param {any} [saved]
 */
async function saveView(path, saved = null) {
  const teams = await call('search', { model: 'workspace.team', fields: ['name'], limit: 100 }).then((answer) => answer.rows, () => [])
  const kind = place.peek().kind || 'list'
  const query = new URLSearchParams(place.peek().query)
  for (const each of ['record', 'full', 'new']) query.delete(each)
  const text = query.toString()
  const title = saved ? t('Change “{name}”', { name: saved.name }) : t('Save this view')
  const answer = await openDialog(title, (close) => html`<form class="stack" @submit=${(/** @type {any} */ e) => {
    e.preventDefault()
    const name = e.target.elements.name.value.trim()
    const team = Number(/^team (\d+)$/.exec(e.target.elements.whose.value)?.[1] ?? 0)
    if (name) close({ name, shared: e.target.elements.whose.value === 'all', team_id: team || false, is_default: e.target.elements.first.checked })
  }}><h2>${title}</h2><p class="dim">${t('Filters, grouping, order and kind of view are kept under a name.')}</p>
    <div class="field"><label for="view-name">${t('Name')}</label><input class="input" id="view-name" name="name" maxlength="120" required .value=${saved?.name ?? ''}></div>
    <div class="field"><label for="view-whose">${t('Who may use it')}</label><select class="input" id="view-whose" name="whose"><option value="me">${t('Only me')}</option>${teams.map((/** @type {any} */ team) => html`<option value=${`team ${team.id}`} ?selected=${saved?.team_id?.[0] === team.id}>${t('Team {name}', { name: team.name })}</option>`)}<option value="all" ?selected=${Boolean(saved?.shared)}>${t('Everybody')}</option></select></div>
    <label class="tick"><input type="checkbox" name="first" ?checked=${Boolean(saved?.is_default)}><span>${t('Open this view first')}</span></label>
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${t('Save view')}</button></div></form>`, 'narrow')
  if (!answer) return
  try {
    await call('save', { model: 'workspace.view', ...(saved && { id: saved.id }), values: { .../** @type {any} */ (answer), path, state: `/${kind}${text ? `?${text}` : ''}` } })
    await refreshStart()
    toast(t('The view was saved.'))
  } catch (error) {
    showFailure(error)
  }
}

/** @param {any} saved */
async function deleteView(saved) {
  try {
    await call('delete', { model: 'workspace.view', ids: [saved.id] })
    await refreshStart()
    toast(t('The view “{name}” was deleted.', { name: saved.name }), {
      undo: async () => {
        await call('save', { model: 'workspace.view', values: { name: saved.name, path: saved.path, state: saved.state, shared: saved.shared } })
        refreshStart()
      },
    })
  } catch (error) {
    showFailure(error)
  }
}

const hows = {
  selection: ['is', 'not'], many2one: ['is', 'has', 'set', 'unset'], boolean: ['is'], date: ['after', 'before', 'set', 'unset'], datetime: ['after', 'before', 'set', 'unset'],
  integer: ['after', 'before'], float: ['after', 'before'], monetary: ['after', 'before'],
}
const howWords = { is: 'is', not: 'is not', has: 'contains', after: 'from', before: 'until', set: 'is set', unset: 'is not set' }

/**
 * A form for one facet.
 * @param {any} view
 * @param {any} facet
 * @param {(facet?: any) => void} close
 */
const facetForm = component((view, facet, close) => {
  const usable = Object.entries(view.fields).filter(([name, field]) => /** @type {any} */ (field).searchable && !['binary', 'json', 'html', 'one2many', 'many2many', 'many2one_reference'].includes(/** @type {any} */ (field).type) && !name.startsWith('message_'))
    .map(([name, field]) => ({ name, .../** @type {any} */ (field) })).sort((a, b) => t(a.string).localeCompare(t(b.string)))
  const first = usable.find(({ name }) => name === (facet?.field ?? view.list.columns[1] ?? '')) ?? usable[0]
  const chosen = signal(first)
  const choices = computed(() => /** @type {any} */ (hows)[chosen.value.type] ?? ['has', 'set', 'unset'])
  const how = signal(facet?.how ?? choices.peek()[0])
  const values = signal(/** @type {string[]} */ (facet?.values ?? []))
  const found = signal(/** @type {[number, string][]} */ ([]))
  const labels = new Map((facet?.values ?? []).map((/** @type {string} */ value, /** @type {number} */ i) => [value, facet.labels[i]]))
  const load = async (/** @type {string} */ text) => {
    if (chosen.peek().type === 'many2one') found.value = await call('choices', { model: chosen.peek().relation, text, limit: 12 }).catch(() => [])
  }
  load('')
  /** @param {string} value @param {boolean} on */
  const tick = (value, on) => (values.value = on ? [...values.peek(), value] : values.peek().filter((each) => each !== value))
  const type = computed(() => (how.value === 'has' ? 'text' : chosen.value.type))
  const input = () => {
    if (how.value === 'set' || how.value === 'unset') return null
    const ticks = (/** @type {[string, string][]} */ items) => html`<fieldset class="ticks"><legend class="visually-hidden">${t('Values')}</legend>${items.map(([value, label]) => {
      labels.set(value, label)
      return html`<label class="tick"><input type="checkbox" ?checked=${values.peek().includes(value)} @change=${(/** @type {any} */ e) => tick(value, e.target.checked)}><span>${t(label)}</span></label>`
    })}</fieldset>`
    if (type.value === 'selection') return ticks(chosen.value.selection)
    if (type.value === 'boolean') return ticks([['true', 'Yes'], ['false', 'No']])
    if (type.value === 'many2one') return html`<div class="stack tight"><input class="input" aria-label=${t('Find')} placeholder=${t('Find')} @input=${(/** @type {any} */ e) => load(e.target.value)}>
      ${() => ticks(found.value.map(([id, name]) => [String(id), name]))}</div>`
    const kind = type.value === 'date' || type.value === 'datetime' ? 'date' : ['integer', 'float', 'monetary'].includes(type.value) ? 'number' : 'text'
    return html`<input class="input" type=${kind} step="any" aria-label=${t('Value')} .value=${values.peek()[0] ?? ''} @input=${(/** @type {any} */ e) => (values.value = [e.target.value])}>`
  }
  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    const kept = values.peek().filter((value) => value !== '')
    if (!kept.length && how.peek() !== 'set' && how.peek() !== 'unset') return close(null)
    close({ field: chosen.peek().name, how: how.peek(), values: kept, labels: kept.map((value) => labels.get(value) ?? value) })
  }
  return html`<form class="stack" @submit=${submit}><h2>${t('Filter')}</h2>
    <div class="field"><label for="facet-field">${t('Field')}</label><select class="input" id="facet-field" @change=${(/** @type {any} */ e) => {
      chosen.value = usable[e.target.selectedIndex]
      how.value = choices.peek()[0]
      values.value = []
      load('')
    }}>${usable.map((field) => html`<option ?selected=${field.name === chosen.peek().name}>${t(field.string)}</option>`)}</select></div>
    <div class="field"><label for="facet-how">${t('How')}</label>${() => html`<select class="input" id="facet-how" @change=${(/** @type {any} */ e) => (how.value = e.target.value)}>
      ${choices.value.map((/** @type {string} */ each) => html`<option value=${each} ?selected=${each === how.peek()}>${t(/** @type {any} */ (howWords)[each])}</option>`)}</select>`}</div>
    ${input}
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button><button type="submit" class="button primary">${t('Apply')}</button></div></form>`
})
