/// How the page looks: light and dark, on paper, on narrow screens.
enum PageStyle {
    static let text = """

        :root {
          color-scheme: light dark;
          --ground: #ffffff; --raised: #f5f7f9; --ink: #1a1f25; --muted: #566270; --line: #d8dee5; --grid: #e6e9ed;
          --accent: #0a5ea8; --bar: #7db8e6; --good: #00694a; --bad: #b23c06; --warn: #fff3d6; --warn-line: #d99a12;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --ground: #14171b; --raised: #1d2228; --ink: #e6e9ed; --muted: #a0abb8; --line: #343c46; --grid: #2a3139;
            --accent: #6db6f2; --bar: #2f6ea3; --good: #3fcb9e; --bad: #ff9361; --warn: #3a2e12; --warn-line: #b98a1d;
          }
          \(darkCurves)
        }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
        @media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
        body {
          margin: 0 auto; padding: 0 1.25rem 3rem; max-width: 76rem; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
        }
        h1, h2, h3, p, summary, dd, dt, th, td, li { overflow-wrap: anywhere; unicode-bidi: isolate; }
        th, td { overflow-wrap: break-word; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .75rem; }
        h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; padding-top: .5rem; border-top: 1px solid var(--line); }
        h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
        a { color: var(--accent); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--ground); padding: .25rem .5rem; z-index: 9; }
        .kind { margin: 1.5rem 0 .1rem; color: var(--muted); font-size: .85rem; letter-spacing: .04em; }
        .note, .where, figcaption, footer { color: var(--muted); }
        .note { margin: .4rem 0; max-width: 60rem; }
        footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: .85rem; }
        code { font: .92em/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        .banner {
          margin: 1rem 0; padding: .6rem .9rem; background: var(--warn); border: 1px solid var(--warn-line);
          border-left-width: 6px; border-radius: 6px;
        }
        .banner p { margin: .2rem 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: .6rem; margin: 1rem 0; }
        .cards div { padding: .6rem .8rem; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; }
        .cards dt { color: var(--muted); font-size: .8rem; }
        .cards dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem; }
        .scroll { overflow-x: auto; margin: .5rem 0 1rem; border: 1px solid var(--line); border-radius: 8px; }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: .87rem; }
        caption {
          text-align: left; padding: .55rem .7rem; color: var(--muted); font-size: .85rem; background: var(--raised);
          border-bottom: 1px solid var(--line); position: sticky; left: 0;
        }
        th, td { padding: .32rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
        .wide { font-size: .78rem; }
        .wide :is(th, td) { padding-inline: .27rem; }
        tbody:last-child tr:last-child > *, tfoot tr:last-child > * { border-bottom: 0; }
        thead th { vertical-align: bottom; color: var(--muted); font-weight: 600; }
        th[scope=row] { font-weight: 500; position: sticky; left: 0; background: var(--ground); max-width: 22rem; }
        th[scope=rowgroup] { background: var(--raised); font-size: .8rem; color: var(--muted); padding-block: .2rem; }
        .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        td small { display: block; color: var(--muted); font-size: .86em; line-height: 1.1; }
        .bar { background: linear-gradient(var(--bar), var(--bar)) left bottom / var(--v) 4px no-repeat; padding-bottom: .45rem; }
        thead .n { white-space: normal; }
        .word, thead .word { white-space: nowrap; }
        tfoot :is(td, th[scope]) { border-top: 2px solid var(--line); font-weight: 650; }
        tbody tr:hover > * { background-color: var(--raised); }
        thead button {
          all: unset; cursor: pointer; text-decoration: underline dotted; text-underline-offset: 3px;
        }
        thead button:focus-visible { outline: 2px solid var(--accent); }
        [aria-sort=ascending] button::after { content: " ▲"; }
        [aria-sort=descending] button::after { content: " ▼"; }
        .filter { display: block; margin: .5rem 0; color: var(--muted); font-size: .87rem; }
        .filter input, .choices button {
          font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
          padding: .2rem .6rem;
        }
        .choices { display: flex; flex-wrap: wrap; gap: .4rem; margin: .6rem 0; font-size: .87rem; }
        .choices button { cursor: pointer; }
        .choices [aria-pressed=true] { border-color: var(--accent); color: var(--accent); font-weight: 600; }
        details { margin: .5rem 0; }
        summary { cursor: pointer; font-weight: 600; padding: .25rem 0; }
        details details { margin-left: .2rem; }
        details details summary { font-weight: 500; color: var(--accent); }
        figure { margin: 1rem 0; }
        figcaption { font-size: .85rem; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 0 2rem; }
        .plot { overflow-x: auto; }
        .plot svg { display: block; width: 100%; max-width: 40rem; min-width: 20rem; height: auto; }
        svg { font-family: inherit; font-size: 12px; }
        svg text { fill: var(--ink); }
        svg [stroke="#E3E3E3"] { stroke: var(--grid); }
        svg [stroke="#555555"] { stroke: var(--muted); }
        .legend { list-style: none; margin: .3rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .87rem; }
        .legend li { display: flex; align-items: center; gap: .4rem; }
        .legend svg { flex: none; }
        .misses { list-style: none; margin: 0; padding: 0; display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(min(23rem, 100%), 1fr)); }
        .misses > li { border: 1px solid var(--line); border-radius: 8px; padding: .6rem .7rem; min-width: 0; }
        .misses > li[hidden] { display: none; }
        .misses h3 { margin: 0; font-size: .95rem; }
        .where { margin: 0 0 .4rem; font-size: .8rem; }
        .triple { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .4rem; }
        .triple figure { margin: 0; }
        .cut {
          aspect-ratio: 1; display: grid; grid-template: 100% / 100%; place-items: center; background: var(--raised); border-radius: 5px;
          border: 2px solid var(--line); overflow: hidden;
        }
        .cut > div { position: relative; max-width: 100%; max-height: 100%; }
        .cut .tall { height: 100%; }
        .cut .wide { width: 100%; }
        .cut img { width: 100%; height: 100%; display: block; }
        .cut i { position: absolute; border: 2px solid #fff; outline: 1px solid rgb(0 0 0 / .7); }
        .cut .none { line-height: 1.3; color: var(--muted); font-size: .8rem; }
        .wrong .cut { border-color: var(--bad); }
        .right .cut { border-color: var(--good); }
        .triple figcaption { font-size: .76rem; line-height: 1.3; margin-top: .2rem; }
        .wrong b { color: var(--bad); }
        .right b { color: var(--good); }
        .terms { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .3rem 1rem; font-size: .9rem; }
        .terms dt { font-weight: 600; }
        .terms dd { margin: 0; color: var(--muted); }
        @media (max-width: 40rem) {
          body { padding: 0 .8rem 2rem; font-size: 14px; }
          h1 { font-size: 1.5rem; }
          .plot text { font-size: 15px; }
          th[scope=row] { max-width: 9rem; white-space: normal; }
          th, td { padding: .3rem .5rem; }
          .terms { grid-template-columns: 1fr; gap: 0; }
          .terms dd { margin-bottom: .5rem; }
        }
        @media print {
          :root { color-scheme: light; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          nav, .skip, .filter, .choices { display: none; }
          .scroll { overflow: visible; border: 0; }
          .figures { grid-template-columns: 1fr 1fr; }
          .plot svg { min-width: 0; }
          .bar, .banner, .cut { print-color-adjust: exact; }
          table { font-size: 7.5pt; }
          th, td { padding: .15rem .3rem; position: static !important; }
          tr, figure, .misses > li { break-inside: avoid; }
          h2, h3, summary, caption, thead { break-after: avoid; }
        }

        """

    /// The figures' colours where the ground is dark: the same hues, lighter.
    private static var darkCurves: String {
        let lighter = ["#4FA8E0", "#F2884A", "#35CDA0", "#E3A3C8", "#F2B233", "#A5DAF7", "#EDEDED", "#A6A6A6"]
        return zip(AccuracyFigure.colours, lighter).map { colour, light in
            "svg [stroke=\"\(colour)\"] { stroke: \(light); } svg [fill=\"\(colour)\"] { fill: \(light); }"
        }.joined(separator: "\n  ")
    }
}
