// SPDX-License-Identifier: Apache-2.0

/// The style sheet of the report: light or dark as the reader's system is, readable on a phone and on paper.
enum ReportStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --page: #f6f7f9; --card: #ffffff; --ink: #1b1f24; --quiet: #57606a; --line: #d8dee4; --grid: #e9edf1;
          --s1: #0b6bcb; --s2: #b3540a; --bad: #b42318;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0f1216; --card: #171b21; --ink: #e7ebf0; --quiet: #9aa5b1; --line: #3a434e; --grid: #262d36;
            --s1: #5aa9f5; --s2: #f2a154; --bad: #ff8a7a;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 860px; margin: 0 auto; padding: 32px 20px 48px; }
        header p { margin: 4px 0; }
        h1 { font-size: 28px; line-height: 1.25; margin: 0 0 8px; overflow-wrap: break-word; }
        h2 { font-size: 18px; margin: 0 0 4px; }
        .eyebrow { color: var(--s1); font-weight: 600; font-size: 14px; }
        .quiet, figcaption, dt { color: var(--quiet); font-size: 14px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 24px 0; }
        .tiles div, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        .tiles div { padding: 12px 14px; }
        .tiles dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums;
          white-space: nowrap; }
        .tiles .bad dd { color: var(--bad); }
        section { padding: 18px 20px; margin: 0 0 16px; }
        figure { margin: 8px 0 0; }
        svg { width: 100%; height: auto; display: block; }
        svg text { fill: var(--quiet); font-size: 12px; font-variant-numeric: tabular-nums; }
        svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
        svg .grid { stroke: var(--grid); } svg .base { stroke: var(--line); }
        svg polyline { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        svg polyline.s1 { stroke: var(--s1); } svg polyline.s2 { stroke: var(--s2); stroke-dasharray: 6 4; }
        svg polygon.s1 { fill: var(--s1); opacity: 0.12; }
        svg circle.s1 { fill: var(--s1); } svg circle.s2 { fill: var(--s2); }
        .legend { margin: 0; font-size: 14px; color: var(--quiet); }
        .key { display: inline-block; width: 22px; border-top: 3px solid var(--s1); margin: 0 6px 4px 0; vertical-align: middle; }
        .key.s2 { border-top: 3px dashed var(--s2); margin-left: 14px; }
        details { margin-top: 12px; } summary { cursor: pointer; font-size: 14px; color: var(--quiet); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin-top: 8px; font-size: 14px; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 4px 10px; border-bottom: 1px solid var(--grid); }
        .text th, .text td { text-align: left; vertical-align: top; } .text td { overflow-wrap: break-word; }
        td:first-child, th:first-child { padding-left: 0; } td:last-child, th:last-child { padding-right: 0; }
        th { font-weight: 600; color: var(--quiet); }
        @media (max-width: 500px) {
          main { padding: 20px 12px 32px; } section { padding: 14px 12px; } h1 { font-size: 22px; }
          figure { overflow-x: auto; } svg { min-width: 640px; } svg text { font-size: 13px; }
          .tiles { grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); } .tiles dd { font-size: 19px; }
          th, td { padding: 4px 6px; }
        }
        @media print { section { break-inside: avoid; } details { display: none; } }
        """
}
