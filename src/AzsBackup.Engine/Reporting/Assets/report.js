'use strict';
(() => {
  const words = document.body.dataset;
  const tables = [...document.querySelectorAll('main table')];
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: 'base' }).compare;

  // Sorting: every heading becomes a button.
  for (const table of tables) {
    const headings = [...table.tHead.rows[0].cells];
    const body = table.tBodies[0];
    if (body.rows.length < 2) continue;
    headings.forEach((heading, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = heading.textContent;
      button.title = words.sort;
      heading.replaceChildren(button);
      button.addEventListener('click', () => {
        const down = heading.getAttribute('aria-sort') === 'ascending';
        for (const other of headings) other.removeAttribute('aria-sort');
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const rows = [...body.rows].map(row => [row.cells[column].textContent, row]);
        rows.sort((one, two) => compare(one[0], two[0]) * (down ? -1 : 1));
        body.append(...rows.map(pair => pair[1]));
      });
    });
  }

  // Filtering: all rows of all tables, by all words typed. Tables without a match go, and their headings with them.
  const label = document.createElement('label');
  label.className = 'filter';
  const title = document.createElement('span');
  title.className = 'unseen';
  title.textContent = words.filter;
  const field = document.createElement('input');
  field.type = 'search';
  field.placeholder = words.filter;
  const none = document.createElement('p');
  none.textContent = words.none;
  none.hidden = true;
  none.setAttribute('role', 'status');
  label.append(title, field);
  document.querySelector('header').append(label, none);
  const rows = tables.flatMap(table => [...table.tBodies[0].rows].map(row => ({ row, table, text: row.textContent.toLowerCase() })));
  const blocks = [...document.querySelectorAll('main .block')];
  const filter = () => {
    const wanted = field.value.toLowerCase().split(/\s+/).filter(word => word);
    const shown = new Set();
    for (const { row, table, text } of rows) {
      row.hidden = !wanted.every(word => text.includes(word));
      if (!row.hidden) shown.add(table);
    }
    for (const table of tables) table.parentElement.hidden = wanted.length > 0 && !shown.has(table);
    for (const block of blocks) block.hidden = wanted.length > 0 && !tables.some(table => shown.has(table) && block.contains(table));
    for (const details of document.querySelectorAll('details')) {
      if (wanted.length > 0 && tables.some(table => shown.has(table) && details.contains(table))) details.open = true;
    }
    none.hidden = wanted.length === 0 || shown.size > 0;
  };
  let waiting = 0;
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });

  // A link must show where it leads, even if that is folded or filtered away.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest('[hidden]')) { field.value = ''; filter(); }
    for (let at = target; at; at = at.parentElement) if (at.tagName === 'DETAILS') at.open = true;
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  addEventListener('beforeprint', () => { for (const details of document.querySelectorAll('details')) details.open = true; });
  if (location.hash) reveal();
})();
