// @ts-check
// The frame around every screen: bar, navigation, tabs of the phone, and the screen of the address.

import { component, confirmStep, html, icon, iconButton, menu, showFailure, undoLast } from '../kit/ui.js'
import { each } from '../kit/html.js'
import { computed, effect, onCleanup, signal } from '../kit/reactive.js'
import { connection, signOut } from '../data/api.js'
import { stopListening } from '../data/events.js'
import { forgetSeen } from '../data/seen.js'
import { waiting } from '../data/queue.js'
import { offlineBar } from './offline.js'
import { t } from '../lang/words.js'
import { offer } from './keys.js'
import { openPalette, openShortcuts } from './palette.js'
import { toggleDensity, toggleTheme } from './preferences.js'
import { area, go, place } from './router.js'
import { me, opening, savedViews, screenOf, screens, start } from './state.js'

/** Milliseconds after which what printing needs is loaded. */
const PRINT_LATER = 3_000
const sections = { work: 'Work', processes: 'Processes', insight: 'Insight', directory: 'Directory', settings: 'Settings' }
/**
 * Screens that are modules of their own; everything else is the records of a model.
 * @type {Record<string, () => Promise<any>>}
 */
const modules = {
  inbox: () => import('../areas/inbox.js').then((m) => m.inbox),
  dashboard: () => import('../areas/dashboard.js').then((m) => m.dashboard),
  document: () => import('../areas/document.js').then((m) => m.documentViewer),
  attachment: () => import('../areas/attachment.js').then((m) => m.attachmentViewer),
  rule: () => import('../areas/rule.js').then((m) => m.ruleEditor),
  me: () => import('../areas/me.js').then((m) => m.mySettings),
  audit: () => import('../areas/audit.js').then((m) => m.audit),
  approvals: () => import('../areas/approvals.js').then((m) => m.approvals),
}

async function leave() {
  if (waiting.peek().length && !(await confirmStep(t('Sign out with unsent changes?'), t('{n|One save waits|{n} saves wait} for the connection and would be lost.', { n: waiting.peek().length }), t('Sign out')))) return
  stopListening()
  for (const name of Object.keys(sessionStorage)) if (name.startsWith('baton.draft ')) sessionStorage.removeItem(name)
  forgetSeen()
  try {
    await signOut()
  } catch { /* the session ends by itself */ }
  location.assign('/app')
}

const connectionWords = { live: ['live', 'Live'], reconnecting: ['refresh', 'Reconnecting'], offline: ['offline', 'Offline'] }

const topbar = component(() => html`<header class="topbar">
  <a class="brand" href="/app" aria-label=${t('{place}, start', { place: start.peek().place })}>${icon('mark')}<span>${start.peek().place}</span></a>
  <button type="button" class="finder" aria-label=${t('Search or run a command')} aria-keyshortcuts="Control+K" @click=${openPalette}>${icon('search')}<span>${t('Search or run a command')}</span><kbd>Ctrl K</kbd></button>
  <div class="end">
    <span class=${() => `live ${connection.value}`} role="status">${() => icon(connectionWords[connection.value][0])}<span>${() => t(connectionWords[connection.value][1])}</span></span>
    ${iconButton('rows', t('Switch density'), toggleDensity, 'desk')}
    ${iconButton('moon', t('Switch dark mode'), toggleTheme)}
    ${menu(html`<span class="avatar" aria-hidden="true">${() => initials(me.value.name)}</span>`, t('You: {name}', { name: me.peek().name }), () => [
      { label: t('Keyboard shortcuts'), icon: 'keyboard', press: openShortcuts },
      { label: t('My settings'), icon: 'settings', press: () => void go('/app/me') },
      { label: t('Switch density'), icon: 'rows', press: toggleDensity },
      { label: t('Sign out'), icon: 'sign-out', press: leave },
    ], 'plain square')}
  </div></header>`)

/** @param {string} name */
const initials = (name) => name.split(/\s+/).map((word) => word[0] ?? '').slice(0, 2).join('').toUpperCase()

const navigation = component(() => html`<nav class="nav" aria-label=${t('Main')}>
  ${() => Object.entries(sections).map(([section, title]) => {
    const items = screens.value.filter((screen) => screen.section === section)
    return items.length > 0 && html`<h2>${t(title)}</h2><ul>${items.map((screen) => html`<li>
      <a href=${opening(screen)} aria-current=${() => area.value === screen.path && 'page'}>${icon(screen.icon)}<span>${t(screen.title)}</span>${() => count(screen.path)}</a>
      ${savedUnder(screen.path)}</li>`)}</ul>`
  })}</nav>`)

/** @param {string} path */
function count(path) {
  const waiting = start.value?.waiting ?? {}
  const number = path === 'inbox' ? waiting.total : path === 'approvals' ? waiting.approval : 0
  return number > 0 && html`<span class="count number">${number}<span class="visually-hidden"> ${t('waiting')}</span></span>`
}

/** @param {string} path */
const savedUnder = (path) => () => {
  const views = savedViews.value.filter((view) => view.path === path)
  return views.length > 0 && html`<ul class="saved">${views.map((view) => html`<li><a href=${`/app/${path}${view.state}`}
    aria-current=${() => location.pathname + location.search === `/app/${path}${view.state}` && place.value && 'true'}>${icon('star')}<span>${view.name}</span></a></li>`)}</ul>`
}

const tabs = component(() => {
  const wanted = ['inbox', 'referrals', 'approvals']
  const shown = computed(() => {
    const all = screens.value
    const chosen = wanted.flatMap((path) => all.filter((screen) => screen.path === path))
    return [...chosen, ...all.filter((screen) => !wanted.includes(screen.path))].slice(0, 3)
  })
  return html`<nav class="tabs" aria-label=${t('Main, compact')}>
    ${each(() => shown.value, (screen) => screen.path, (screen) => html`<a href=${() => opening(screen.value)} aria-current=${() => area.value === screen.value.path && 'page'}>${() => icon(screen.value.icon)}<span>${() => t(screen.value.title)}</span></a>`)}
    <button type="button" @click=${openPalette}>${icon('more')}<span>${t('More')}</span></button></nav>`
})

/** The screen of the address, loaded when it is first wanted. */
const screenHost = component(() => {
  const view = signal(/** @type {any} */ (null))
  const shown = computed(() => area.value)
  effect(() => {
    const path = shown.value
    const first = screens.peek()[0]
    if (!path) return void (first && go(opening(first), { replace: true }))
    const model = path.startsWith('records-') ? path.slice(8) : screenOf(path)?.model
    const load = modules[path] ?? (model ? () => import('../views/records.js').then((m) => m.recordsScreen) : () => import('../areas/nowhere.js').then((m) => m.nowhere))
    load().then((create) => {
      if (shown.peek() === path) view.value = { create, path, model }
    }, (error) => showFailure({ message: t('This part of the program could not be loaded.'), instruction: t('Load the page again.'), cause: error }))
  })
  return html`<main class="main" id="main" tabindex="-1">${() => view.value?.create(view.value.path, view.value.model)}</main>`
})

export const shell = component(() => {
  const seeingModule = signal(/** @type {any} */ (null))
  effect(() => {
    if (start.value?.user.admin || start.value?.seen_by) import('./seeing.js').then((module) => {
      if (!seeingModule.peek()) module.followSeeing()
      seeingModule.value = module
    }, () => {})
  })
  // Whoever prints by the browser's own menu gets the head, too.
  setTimeout(() => void import('./print.js').catch(() => {}), PRINT_LATER)
  const seeing = () => start.value?.seen_by && seeingModule.value?.seeingBar({ name: me.value.name, by: start.value.seen_by.name, until: start.value.seen_by.until, now: start.value.now })
  const goTo = (/** @type {string} */ path) => ({ name: t('Go to {place}', { place: t(screenOf(path)?.title ?? path) }), icon: screenOf(path)?.icon, run: () => { const screen = screenOf(path); if (screen) go(opening(screen)) } })
  const letter = { inbox: 'I', referrals: 'R', approvals: 'A', exceptions: 'E', documents: 'O', dashboard: 'D', opportunities: 'P' }
  onCleanup(offer('shell', [
    { name: t('Search or run a command'), keys: 'Ctrl K', icon: 'search', run: openPalette },
    { name: t('Keyboard shortcuts'), keys: '?', icon: 'keyboard', run: openShortcuts },
    { name: t('Undo'), keys: 'Ctrl Z', icon: 'undo', run: () => void undoLast() },
    ...Object.entries(letter).filter(([path]) => screenOf(path)).map(([path, key]) => ({ ...goTo(path), keys: `G ${key}` })),
    { name: t('My settings'), icon: 'settings', run: () => void go('/app/me') },
    { name: t('Switch dark mode'), icon: 'moon', run: toggleTheme }, { name: t('Switch density'), icon: 'rows', run: toggleDensity },
    { name: t('Sign out'), icon: 'sign-out', run: leave },
  ]))
  return html`<div class="shell"><a class="skip" href="#main" @click=${(/** @type {Event} */ e) => {
    e.preventDefault()
    document.getElementById('main')?.focus()
  }}>${t('Skip to content')}</a>${topbar()}<div class="notes">${seeing}${offlineBar()}</div>${navigation()}${screenHost()}${tabs()}</div>`
})
