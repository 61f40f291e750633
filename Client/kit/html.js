// @ts-check
// Templates. html`...` parses its static text once; a signal or function in a hole is live and
// updates only its own text node, attribute or range. No virtual DOM, no eval (CSP-safe).
//
//   name=${v}    attribute (null or false removes it)   .name=${v}  property
//   ?name=${v}   boolean attribute                      @name=${f}  event listener
//   ref=${f}     receives the element                   style=${{ '--x': 1 }}  CSS properties

import { effect, isReadable, onCleanup, root, signal, untracked } from './reactive.js'

/** @typedef {{ at: number, name: string | null, index: number }} Hole */
/** @typedef {{ template: HTMLTemplateElement, holes: Hole[] }} Compiled */

/** @type {WeakMap<TemplateStringsArray, Compiled>} */
const compiledTemplates = new WeakMap()
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('kit', {
  createHTML: (/** @type {string} */ markup) => markup,
  // The one script that is named by an address.
  createScriptURL: () => '/app/worker.js',
})
/** The address of the worker, as the browser's policy takes it. */
export const workerAddress = () => policy?.createScriptURL('') ?? '/app/worker.js'

class Template {
  /** @param {TemplateStringsArray} strings @param {unknown[]} values @param {boolean} isSvg */
  constructor(strings, values, isSvg) {
    this.strings = strings
    this.values = values
    this.isSvg = isSvg
  }
}

class Each {
  /**
   * @param {() => readonly any[]} items
   * @param {(item: any) => unknown} key
   * @param {(item: any) => Template} render
   */
  constructor(items, key, render) {
    this.items = items
    this.key = key
    this.render = render
  }
}

/** @param {TemplateStringsArray} strings @param {unknown[]} values */
export const html = (strings, ...values) => new Template(strings, values, false)

/**
 * Marks a function that builds a view. It runs once per use: signals read while building do not
 * rebuild it; only the live holes inside follow their signals.
 * @template {any[]} Properties
 * @param {(...properties: Properties) => Template} build
 */
export const component = (build) => (/** @type {Properties} */ ...properties) => untracked(() => build(...properties))

/** @param {TemplateStringsArray} strings @param {unknown[]} values */
export const svg = (strings, ...values) => new Template(strings, values, true)

/**
 * A keyed list. `render` receives a signal of the item, so new data for a known key updates the
 * existing element. Each item renders exactly one root element.
 * @template T
 * @param {() => readonly T[]} items
 * @param {(item: T) => unknown} key
 * @param {(item: import('./reactive.js').Signal<T>) => Template} render
 */
export const each = (items, key, render) => new Each(items, key, /** @type {any} */ (render))

/**
 * Renders a view into an element.
 * @param {Element} host
 * @param {() => unknown} view
 * @returns {() => void} removes the view
 */
export function mount(host, view) {
  const stop = root(() => host.replaceChildren(...toNodes(view())))
  return () => {
    stop()
    host.replaceChildren()
  }
}

/** @param {unknown} value @returns {Node[]} */
function toNodes(value) {
  if (value == null || value === false || value === true || value === '') return []
  if (value instanceof Template) return [...instantiate(value).childNodes]
  if (value instanceof Node) return [value]
  if (Array.isArray(value)) return value.flatMap(toNodes)
  if (typeof value === 'function' || isReadable(value) || value instanceof Each) {
    const fragment = document.createDocumentFragment()
    fill(fragment.appendChild(new Comment()), value)
    return [...fragment.childNodes]
  }
  return [new Text(String(value))]
}

/** @param {Template} view */
function instantiate({ strings, values, isSvg }) {
  const { template, holes } = compile(strings, isSvg)
  const fragment = /** @type {DocumentFragment} */ (document.importNode(template.content, true))
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT)
  let position = -1
  const targets = holes.map(({ at }) => {
    while (position < at) {
      walker.nextNode()
      position++
    }
    return walker.currentNode
  })
  holes.forEach(({ name, index }, i) => {
    if (name === null) fill(/** @type {Comment} */ (targets[i]), values[index])
    else bind(/** @type {Element} */ (targets[i]), name, values[index])
  })
  if (!isSvg) return fragment
  const content = document.createDocumentFragment()
  content.append(.../** @type {Element} */ (fragment.firstElementChild).childNodes)
  return content
}

/** @param {TemplateStringsArray} strings @param {boolean} isSvg @returns {Compiled} */
function compile(strings, isSvg) {
  const known = compiledTemplates.get(strings)
  if (known) return known
  let markup = ''
  /** @type {(string | null)[]} */
  const names = []
  strings.forEach((text, i) => {
    if (i === strings.length - 1) return void (markup += text)
    const attribute = /\s([.?@]?[\w:-]+)=("?)$/.exec(text)
    if (attribute) {
      markup += `${text.slice(0, attribute.index)} data-hole-${i}=${attribute[2] ? '"' : '""'}`
    } else if (/<[^>]*$/.test(markup + text)) {
      throw new Error(`a hole must be a whole attribute value: ...${text.slice(-40)}`)
    } else {
      markup += `${text}<!--hole-->`
    }
    names.push(attribute ? attribute[1] : null)
  })
  // Line breaks around a template are the author's; a blank beside a word is the reader's.
  markup = markup.replace(/^\s*\n\s*|\s*\n\s*$/g, '')
  if (isSvg) markup = `<svg>${markup}</svg>`
  const template = document.createElement('template')
  template.innerHTML = policy ? policy.createHTML(markup) : markup
  const compiled = { template, holes: findHoles(template, names) }
  compiledTemplates.set(strings, compiled)
  return compiled
}

/** @param {HTMLTemplateElement} template @param {(string | null)[]} names */
function findHoles(template, names) {
  /** @type {Hole[]} */
  const holes = []
  let nextText = names.indexOf(null)
  const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT)
  for (let at = 0; walker.nextNode(); at++) {
    const node = walker.currentNode
    if (node instanceof Comment) {
      if (node.data !== 'hole') continue
      holes.push({ at, name: null, index: nextText })
      nextText = names.indexOf(null, nextText + 1)
      continue
    }
    const element = /** @type {Element} */ (node)
    for (const attribute of element.getAttributeNames()) {
      const match = /^data-hole-(\d+)$/.exec(attribute)
      if (!match) continue
      element.removeAttribute(attribute)
      holes.push({ at, name: names[Number(match[1])], index: Number(match[1]) })
    }
  }
  return holes
}

/** @param {unknown} value */
const read = (value) =>
  isReadable(value) ? value.value : typeof value === 'function' ? value() : value

/**
 * Shows a value after `start`: text goes into one Text node, anything else into a range.
 * @param {Comment} start
 * @param {unknown} value
 */
function fill(start, value) {
  const end = new Text()
  start.after(end)
  if (value instanceof Each) return fillEach(end, value)
  const show = () => {
    const content = read(value)
    while (start.nextSibling && start.nextSibling !== end) start.nextSibling.remove()
    if (typeof content === 'string' || typeof content === 'number') {
      end.data = String(content)
    } else {
      end.data = ''
      untracked(() => end.before(...toNodes(content)))
    }
  }
  if (typeof value === 'function' || isReadable(value)) effect(show)
  else show()
}

/** @param {Text} end @param {Each} list */
function fillEach(end, { items, key, render }) {
  /** @type {Map<unknown, { item: import('./reactive.js').Signal<any>, node: ChildNode, stop: () => void }>} */
  let rows = new Map()
  /** @type {{ node: ChildNode }[]} */
  let order = []
  onCleanup(() => rows.forEach((row) => row.stop()))
  effect(() => {
    const current = items()
    const next = new Map()
    for (const item of current) {
      const id = key(item)
      let row = rows.get(id)
      if (row) {
        rows.delete(id)
        row.item.value = item
      } else {
        const cell = signal(item)
        /** @type {ChildNode} */
        let node = end
        const stop = root(() => {
          const nodes = toNodes(render(cell))
          node = /** @type {ChildNode} */ (nodes.find((each) => each instanceof Element) ?? nodes[0])
        })
        row = { item: cell, node, stop }
      }
      next.set(id, row)
    }
    for (const row of rows.values()) {
      row.stop()
      row.node.remove()
    }
    const previous = new Map(order.map((row, i) => [row, i]))
    order = [...next.values()]
    rows = next
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)
    const settled = longestRun(order.map((row) => previous.get(row) ?? -1))
    /** @type {ChildNode} */
    let anchor = end
    for (let i = order.length - 1; i >= 0; i--) {
      if (!settled.has(i)) anchor.before(order[i].node)
      anchor = order[i].node
    }
    // An element that was moved has lost the focus.
    if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true })
  })
}

/**
 * Positions of a longest increasing run of old places: these rows stay, the others move.
 * @param {number[]} places old place of each row, -1 for a new one
 */
function longestRun(places) {
  /** @type {number[]} tails[n] is where the best run of n+1 rows ends */
  const tails = []
  /** @type {number[]} */
  const before = []
  places.forEach((place, i) => {
    if (place < 0) return
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (places[tails[middle]] < place) low = middle + 1
      else high = middle
    }
    before[i] = tails[low - 1] ?? -1
    tails[low] = i
  })
  const run = new Set()
  for (let i = tails[tails.length - 1] ?? -1; i >= 0; i = before[i]) run.add(i)
  return run
}

/** @param {Element} element @param {string} name @param {any} value */
function bind(element, name, value) {
  if (name === 'ref') return value(element)
  if (name[0] === '@') {
    const type = name.slice(1)
    element.addEventListener(type, value)
    return onCleanup(() => element.removeEventListener(type, value))
  }
  const set = setter(element, name)
  if (typeof value === 'function' || isReadable(value)) effect(() => set(read(value)))
  else set(value)
}

/** @param {any} element @param {string} name @returns {(value: any) => void} */
function setter(element, name) {
  if (name[0] === '.') return (value) => (element[name.slice(1)] = value)
  if (name[0] === '?') return (value) => element.toggleAttribute(name.slice(1), Boolean(value))
  if (name === 'style') {
    return (properties) => {
      for (const [property, value] of Object.entries(properties)) {
        if (property.startsWith('--')) element.style.setProperty(property, String(value))
        else element.style[property] = value
      }
    }
  }
  return (value) => {
    if (value == null || value === false) element.removeAttribute(name)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}
