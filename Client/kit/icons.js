// @ts-check
// Icons of our own, drawn on a grid of 24 with a stroke of 2. One path each.

/**
 * A circle as a path.
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
const o = (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`
/**
 * A rectangle with round corners.
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 * @param {number} [r]
 */
const box = (x, y, w, h, r = 2) =>
  `M${x + r} ${y}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${h - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${2 * r - w}a${r} ${r} 0 0 1 ${-r} ${-r}v${2 * r - h}a${r} ${r} 0 0 1 ${r} ${-r}z`
const sheet = 'M7 3h7l5 5v11a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM14 3v5h5'

/** @type {Record<string, string>} */
export const icons = {
  mark: 'M4 15L15 5l5 5L9 20z',
  search: o(10.5, 10.5, 6.5) + 'M15.5 15.5L21 21',
  check: 'M4.5 12.5l5 5 10-11', x: 'M6 6l12 12M18 6L6 18', plus: 'M12 5v14M5 12h14', minus: 'M5 12h14',
  'chevron-down': 'M6 9l6 6 6-6', 'chevron-right': 'M9 6l6 6-6 6', 'chevron-left': 'M15 6l-6 6 6 6', 'chevron-up': 'M6 15l6-6 6 6',
  'arrow-up': 'M12 19V5M6 11l6-6 6 6', 'arrow-down': 'M12 5v14M6 13l6 6 6-6', 'arrow-right': 'M5 12h14M13 6l6 6-6 6',
  'arrow-left': 'M19 12H5M11 6l-6 6 6 6', more: o(5, 12, 1) + o(12, 12, 1) + o(19, 12, 1),
  inbox: 'M3 13l3-8h12l3 8v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM3 13h5l2 3h4l2-3h5',
  referral: o(7, 7, 3) + 'M2.5 20v-2.5A4.5 4.5 0 0 1 7 13c1.5 0 2.8.7 3.6 1.8M13 8h8M17.5 4.5L21 8l-3.5 3.5M14 18h7',
  approve: o(12, 12, 9) + 'M8 12.5l2.8 2.8L16 9.5', alert: 'M12 4L2.5 20h19zM12 10v4.5M12 17.2v.1',
  user: o(12, 8, 4) + 'M4 21v-1a6 6 0 0 1 6-6h4a6 6 0 0 1 6 6v1', users: o(9, 8, 3.5) + 'M2.5 20a6.5 6.5 0 0 1 13 0M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5a6.5 6.5 0 0 1 3.5 5.5',
  document: sheet + 'M9 13h6M9 17h6', file: sheet, paperclip: 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.6 1.6 0 0 1-2.3-2.3L14.5 7.5',
  calendar: box(3, 5, 18, 16) + 'M3 10h18M8 3v4M16 3v4', clock: o(12, 12, 9) + 'M12 7v5l3.5 2', alarm: o(12, 13, 8) + 'M12 9v4l2.5 1.5M4.5 3L2 5.5M19.5 3L22 5.5',
  list: 'M8 6h13M8 12h13M8 18h13M3.5 6h.1M3.5 12h.1M3.5 18h.1', board: box(3, 4, 5, 16, 1) + box(10, 4, 5, 11, 1) + box(17, 4, 4, 7, 1),
  table: box(3, 4, 18, 16) + 'M3 10h18M3 15h18M9 4v16', chart: 'M4 4v16h16M9 16v-4M13 16V8M17 16v-6', pivot: box(3, 3, 18, 18) + 'M3 9h18M9 3v18',
  gauge: 'M4.6 18a9 9 0 1 1 14.8 0M12 14l4-4.5' + o(12, 14, 1.2), bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z', sun: o(12, 12, 4) + 'M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  rows: 'M3 5h18M3 10h18M3 15h18M3 20h18', settings: o(12, 12, 3) + 'M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1',
  filter: 'M3 5h18l-7 8.5V20l-4-2v-4.5z', group: box(3, 3, 8, 8, 1) + box(13, 3, 8, 8, 1) + box(3, 13, 8, 8, 1) + 'M13 17h8M17 13v8',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z', flag: 'M5 21V4h13l-3 4.5 3 4.5H5',
  live: o(12, 12, 2) + 'M7.5 16.5a6.4 6.4 0 0 1 0-9M16.5 7.5a6.4 6.4 0 0 1 0 9M4.7 19.3a10.3 10.3 0 0 1 0-14.6M19.3 4.7a10.3 10.3 0 0 1 0 14.6',
  offline: 'M3 3l18 18M8.5 16.5a5 5 0 0 1 7 0M5 12.5a10 10 0 0 1 4-2.4M15 10a10 10 0 0 1 4 2.5M12 20h.1', refresh: 'M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5M4 13a8 8 0 0 0 14.5 3.5L20 15M20 20v-5h-5',
  undo: 'M8 5L3 10l5 5M3 10h11a6 6 0 0 1 0 12h-3', send: 'M21 3L10 14M21 3l-7 18-4-7-7-4z', shield: 'M12 3l8 3v6c0 4.5-3.4 8-8 9-4.6-1-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5',
  skip: 'M5 5l8 7-8 7zM18 5v14', sparkles: 'M11 4l1.8 5.2L18 11l-5.2 1.8L11 18l-1.8-5.2L4 11l5.2-1.8zM19 3v4M17 5h4M19 17v4M17 19h4',
  phone: 'M5 3h4l2 5-2.5 2a12 12 0 0 0 5.5 5.5l2-2.5 5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z', mail: box(3, 5, 18, 14) + 'M3 7.5l9 6 9-6',
  service: box(4, 3, 16, 18, 1) + 'M12 7v6M9 10h6M9 21v-4h6v4', 'close-case': box(3, 4, 18, 5, 1) + 'M5 9v10a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V9M10 13h4',
  pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3', link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7.2M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 16.8',
  hand: 'M8 12V5.5a1.5 1.5 0 0 1 3 0V11M11 10.500V4a1.500 1.500 0 0 1 3 0v6.500M14 11V6a1.500 1.500 0 0 1 3 0v8a7 7 0 0 1-7 7c-3 0-4.500-1.500-6-5l-1.500-3.500a1.500 1.500 0 0 1 2.700-1.300L8 14',
  question: o(12, 12, 9) + 'M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .8-1 1.700M12 16.800v.1', info: o(12, 12, 9) + 'M12 11v5.500M12 7.700v.1', copy: box(8, 8, 13, 13) + 'M16 8V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h3',
  download: 'M12 4v11M7 10.500l5 5 5-5M4 20h16', upload: 'M12 16V5M7 9.500l5-5 5 5M4 20h16', print: 'M7 9V3h10v6M7 18H4a1 1 0 0 1-1-1v-6a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v6a1 1 0 0 1-1 1h-3M7 14h10v7H7z',
  'sign-out': 'M10 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h5M9 12h11M16 8l4 4-4 4', message: 'M4 5h16v12H9l-5 4zM8 9.500h8M8 13h5', note: box(4, 4, 16, 16) + 'M8 9h8M8 13h8M8 17h4',
  activity: 'M3 12h4l3-8 4 16 3-8h4', handshake: 'M3 8l4-3 5 2 5-2 4 3v7l-3 1-6 4-6-4-3-1zM12 7l-4 4a1.500 1.500 0 0 0 2.500 1.500L13 10.500l4.500 4.500', trash: 'M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6',
  expand: 'M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5', keyboard: box(2, 6, 20, 12) + 'M6 10h.1M10 10h.1M14 10h.1M18 10h.1M8 14h8', audit: sheet + 'M8.500 14l2 2 4-4', decision: box(3, 4, 18, 16) + 'M3 9h18M9 9v11M12.500 14.500l2 2 3-3.500',
  rule: o(6, 6, 2.500) + o(18, 18, 2.500) + 'M6 8.500V14a4 4 0 0 0 4 4h5.500M13 6h5M15.500 3.500v5', globe: o(12, 12, 9) + 'M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
}
