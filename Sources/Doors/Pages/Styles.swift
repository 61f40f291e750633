/// The style of all pages: calm, readable on a phone and in the dark, without anything from elsewhere.
public enum Styles {
    /// The whole sheet.
    public static let all = tokens + base + forms + parts

    private static let tokens = """
        :root { color-scheme: light dark;
          --canvas: light-dark(#f4f6f8, #0f141a); --surface: light-dark(#fff, #171e26);
          --text: light-dark(#15202b, #e8edf2); --muted: light-dark(#4b5766, #a9b5c3);
          --control: light-dark(#76818f, #758396); --line: light-dark(#d6dce3, #2c3744);
          --accent: light-dark(#0b6671, #5fc6cf); --soft: light-dark(#dff1f2, #12393d); --on: light-dark(#fff, #06222a);
          --danger: light-dark(#b3261e, #ff9c92); --danger-soft: light-dark(#fdecea, #45191a);
          --ok: light-dark(#1c6b3a, #7ed39b); --ok-soft: light-dark(#e3f4e8, #133521); }

        """
    private static let base = """
        *, *::before, *::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--canvas); color: var(--text); overflow-wrap: break-word;
          font: 1rem/1.55 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 640; letter-spacing: -.01em; margin: 0 0 1rem; }
        h2 { font-size: 1.2rem; line-height: 1.3; font-weight: 620; margin: 2rem 0 .75rem; }
        p { margin: 0 0 1rem; } ul { margin: 0 0 1rem; padding-inline-start: 1.25rem; } li { margin: .25rem 0; }
        a { color: var(--accent); text-underline-offset: .18em; } a:hover { text-decoration-thickness: 2px; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        main:focus, .summary:focus { outline: none; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .skip { position: absolute; inset-inline-start: -99rem; }
        .skip:focus { inset: .5rem auto auto .5rem; background: var(--surface); padding: .5rem 1rem; z-index: 2; }
        .bar { display: flex; gap: 1rem; justify-content: space-between; align-items: center; margin-inline: auto;
          max-width: 44rem; padding: 1rem 1.25rem; }
        .bar.wide { max-width: none; border-bottom: 1px solid var(--line); background: var(--surface); }
        .place { font-weight: 640; color: var(--text); text-decoration: none; } .person { color: var(--muted); font-size: .9rem; }
        .column { max-width: 44rem; margin: 0 auto 4rem; padding: 2rem 1.25rem; background: var(--surface); border: 1px solid var(--line);
          border-radius: 12px; }
        @media (min-width: 46rem) { .column { padding: 2.5rem 3rem 3rem; } .bar:not(.wide) { padding-inline: 3rem; } }
        @media (max-width: 45.99rem) { .column { border-inline: 0; border-radius: 0; margin-bottom: 0; min-height: 80vh; } }
        main.wide { padding: 1.25rem; }
        .lead { font-size: 1.1rem; color: var(--muted); } .hint { color: var(--muted); font-size: .925rem; margin: 0 0 .4rem; }

        """
    private static let forms = """
        .field { border: 0; margin: 0 0 1.35rem; padding: 0; min-width: 0; }
        label, legend { display: block; font-weight: 560; margin: 0 0 .3rem; padding: 0; }
        .optional { font-weight: 400; color: var(--muted); }
        input, select, textarea, button { font: inherit; color: inherit; }
        input[type=text], input[type=tel], input[type=email], input[type=password], select, textarea { width: 100%; min-height: 2.75rem;
          padding: .5rem .7rem; border: 1px solid var(--control); border-radius: 6px; background: var(--surface); }
        textarea { resize: vertical; line-height: 1.5; } .short { max-width: 22rem; }
        input[type=file] { width: 100%; padding: .9rem; border: 1px dashed var(--control); border-radius: 6px; }
        .wrong { border-inline-start: 4px solid var(--danger); padding-inline-start: 1rem; }
        .wrong input, .wrong select, .wrong textarea { border-color: var(--danger); border-width: 2px; }
        .error { color: var(--danger); font-weight: 560; margin: 0 0 .4rem; }
        .radios { display: flex; flex-wrap: wrap; gap: .5rem; }
        .radio { display: flex; align-items: center; gap: .6rem; padding: .55rem .9rem; border: 1px solid var(--control);
          border-radius: 6px; min-height: 2.75rem; }
        .radio label { margin: 0; font-weight: 400; } .radio input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--accent); }
        .radio:has(:checked) { border-color: var(--accent); background: var(--soft); box-shadow: inset 0 0 0 1px var(--accent); }
        .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(14rem, 100%), 1fr)); column-gap: 1.25rem; align-items: end; }
        .grid > .full { grid-column: 1 / -1; }
        .main-button { display: inline-block; border: 0; border-radius: 6px; background: var(--accent); color: var(--on); font-weight: 600;
          text-decoration: none; padding: .75rem 1.5rem; min-height: 2.9rem; cursor: pointer; }
        .main-button:hover { filter: brightness(1.08); }
        .plain-button { border: 0; background: none; color: var(--accent); text-decoration: underline; padding: .4rem 0; cursor: pointer; }
        .summary { border: 3px solid var(--danger); border-radius: 8px; padding: 1rem 1.25rem; margin: 0 0 1.75rem; background: var(--surface); }
        .summary h2 { margin: 0 0 .5rem; } .summary ul { margin: 0; list-style: none; padding: 0; }
        .summary a { color: var(--danger); font-weight: 560; }
        .trap { position: absolute; inset-inline-start: -99rem; }

        """
    private static let parts = """
        .answers-list { margin: 0 0 1rem; border-top: 1px solid var(--line); }
        .answers-list > div { display: grid; grid-template-columns: 12rem 1fr auto; gap: .25rem 1rem; padding: .65rem 0;
          border-bottom: 1px solid var(--line); }
        .answers-list dt { font-weight: 560; } .answers-list dd { margin: 0; white-space: pre-line; min-width: 0; }
        @media (max-width: 36rem) { .answers-list > div { grid-template-columns: 1fr auto; } .answers-list dt { grid-column: 1 / -1; } }
        .none { color: var(--muted); }
        .panel { background: var(--ok-soft); color: var(--ok); border-radius: 10px; padding: 1.75rem 1.5rem; text-align: center;
          margin: 0 0 1.75rem; }
        .panel h1, .panel p { margin: 0 0 .25rem; } .panel .number { font-size: 1.6rem; font-weight: 650; font-variant-numeric: tabular-nums; }
        .stage { border-inline-start: 5px solid var(--accent); background: var(--soft); border-radius: 0 8px 8px 0; padding: 1rem 1.25rem;
          margin: 0 0 1.5rem; }
        .stage p { margin: 0; } .stage .name { font-size: 1.25rem; font-weight: 640; }
        .code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
        .files { list-style: none; padding: 0; } .files li { display: flex; gap: 1rem; align-items: center; justify-content: space-between;
          border: 1px solid var(--line); border-radius: 6px; padding: .35rem .8rem; } .files span { min-width: 0; overflow-wrap: anywhere; }
        .beside { display: grid; grid-template-columns: minmax(0, 1.15fr) minmax(22rem, .85fr); gap: 1.25rem; align-items: start; }
        .sheets { max-height: calc(100vh - 9rem); overflow: auto; position: sticky; top: 1rem; background: var(--line); border-radius: 8px;
          padding: 1rem; }
        .sheets figure { margin: 0 0 1rem; } .sheets img { width: 100%; height: auto; display: block; background: #fff; border-radius: 3px; }
        .sheets figcaption, .file { font-size: .875rem; margin: .35rem 0; }
        .answers { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 1.25rem; }
        .answers h2 { margin-top: 1rem; } .answers h2:first-of-type { margin-top: 0; }
        @media (max-width: 60rem) { .beside { grid-template-columns: minmax(0, 1fr); } .sheets { position: static; max-height: 60vh; } }
        @media print { .skip, .main-button, .plain-button { display: none; } .column { border: 0; } }
        @media (forced-colors: active) { .main-button { border: 1px solid; } .stage, .panel { border: 1px solid; } }

        """
}
