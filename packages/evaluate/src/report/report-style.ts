/**
 * How the report looks: the system's fonts, light and dark as the reader's system is, from 400 px on.
 */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #57606a; --page: #ffffff; --card: #f6f8fa; --line: #d0d7de; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9aa4af; --page: #0d1117; --card: #161b22; --line: #30363d; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.2; } h2 { font-size: 1.2rem; margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; } h3 { font-size: 1rem; }
p, caption, figcaption { color: var(--faint); } p { max-width: 46rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .9rem; }
caption { text-align: left; padding: .25rem 0; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: normal; }
thead th { color: var(--faint); } tbody th { font-weight: 600; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody tr:first-child th { color: inherit; } .failed td { color: var(--bad); white-space: pre-wrap; }
figure { margin: 1rem 0; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; } figure svg { display: block; width: 100%; height: auto; color: var(--ink); }
.legend { list-style: none; padding: 0; margin: .5rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .9rem; } .legend svg { display: inline-block; width: 1.6rem; height: .7rem; margin-right: .35rem; }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, caption { display: block; } tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  tbody th, td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .15rem 0; text-align: right; white-space: normal; }
  td::before { content: attr(data-head); color: var(--faint); text-align: left; flex: none; }
}
@media print { h2 { break-after: avoid; } table, figure { break-inside: avoid; } }
`;
