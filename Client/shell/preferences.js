// @ts-check
// Theme, density, language and letters: kept in this browser, applied before anything is shown.

import { signal } from '../kit/reactive.js'
import { useLanguage } from '../lang/words.js'

/** @param {string} name @param {string} fallback */
const stored = (name, fallback) => {
  try {
    return localStorage.getItem(`baton.${name}`) ?? fallback
  } catch {
    return fallback
  }
}
/** @param {string} name @param {string} value */
const keep = (name, value) => {
  try {
    localStorage.setItem(`baton.${name}`, value)
  } catch { /* a browser that keeps nothing still works */ }
}

export const theme = signal(stored('theme', 'system'))
export const density = signal(stored('density', 'comfortable'))
export const chosenLanguage = signal(stored('language', ''))
/** Whether single letters are shortcuts (WCAG 2.1.4). */
export const letters = signal(stored('letters', 'on') === 'on')

/** Shows the page as it was chosen last. */
export function restorePreferences() {
  setTheme(theme.peek())
  setDensity(density.peek())
}

/** @param {string} next `system`, `light` or `dark` */
export function setTheme(next) {
  theme.value = next
  keep('theme', next)
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
}
/** Turns dark into light and back. */
export function toggleTheme() {
  const isDark = theme.peek() === 'dark' || (theme.peek() === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  setTheme(isDark ? 'light' : 'dark')
}
/** @param {string} next `compact` or `comfortable` */
export function setDensity(next) {
  density.value = next
  keep('density', next)
  document.documentElement.dataset.density = next
  dispatchEvent(new Event('resize'))
}
export const toggleDensity = () => setDensity(density.peek() === 'compact' ? 'comfortable' : 'compact')

/** @param {boolean} on */
export function setLetters(on) {
  letters.value = on
  keep('letters', on ? 'on' : 'off')
}

/**
 * Uses the chosen language, else the person's, else the browser's.
 * @param {string} fromServer `es_MX`
 */
export async function startLanguage(fromServer) {
  await useLanguage(chosenLanguage.peek() || (fromServer && fromServer !== 'en_US' ? fromServer.replace('_', '-') : navigator.language) || 'en')
}
/** @param {string} next */
export function chooseLanguage(next) {
  chosenLanguage.value = next
  keep('language', next)
  location.reload()
}
