// @ts-check
// What the first call told: who is signed in, where they may go, and what waits for them.

import { computed, signal } from '../kit/reactive.js'
import { call } from '../data/api.js'

/**
 * @typedef {{ path: string, title: string, icon: string, section: string, model?: string, kinds?: string[], opens?: string }} ScreenPlace
 * @typedef {{ id: number, name: string, path: string, state: string, shared: boolean, is_default: boolean, user_id: [number, string] }} SavedView
 */
export const start = signal(/** @type {any} */ (null))
/** @type {import('../kit/reactive.js').Readable<ScreenPlace[]>} */
export const screens = computed(() => start.value?.screens ?? [])
/** @type {import('../kit/reactive.js').Readable<SavedView[]>} */
export const savedViews = computed(() => start.value?.saved ?? [])
/** The signed-in person. */
export const me = computed(() => start.value?.user ?? { id: 0, name: '', login: '', companies: [] })

/** Asks again: after a view was saved, or when what waits may have changed. */
export async function refreshStart() {
  try {
    start.value = await call('start')
  } catch { /* the next call says what is wrong */ }
}

/**
 * Where a screen opens: with the person's own view of it, else as its app says.
 * @param {ScreenPlace} screen
 */
export function opening(screen) {
  const own = savedViews.value.find((view) => view.path === screen.path && view.is_default && view.user_id?.[0] === me.value.id)
  return `/app/${screen.path}${own ? own.state : screen.opens ? `/list${screen.opens}` : ''}`
}

/**
 * The screen of a path.
 * @param {string} path
 */
export const screenOf = (path) => screens.value.find((screen) => screen.path === path)
/**
 * Where a model's records are shown.
 * @param {string} model
 */
export const placeOfModel = (model) => screens.peek().find((screen) => screen.model === model)?.path
/**
 * The address of one record.
 * @param {string} model
 * @param {number} id
 */
export const recordAddress = (model, id) => `/app/${placeOfModel(model) ?? `records-${model}`}/list?record=${id}`
