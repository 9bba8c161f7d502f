"use strict";
// Sorts tables, folds long lists and reads the matrix out. Without this script the pages are complete.
(function () {
  function sortable(table) {
    const body = table.tBodies[0];
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      if (!head.dataset.order) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () {
        const numeric = head.dataset.order === "number";
        const current = head.getAttribute("aria-sort");
        const descending = current ? current === "ascending" : numeric;
        const key = (row) => row.cells[column].dataset.key;
        const rows = Array.from(body.rows).sort(
          numeric ? (a, b) => Number(key(a)) - Number(key(b)) : (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true })
        );
        if (descending) rows.reverse();
        body.append(...rows);
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        if (table.fold) table.fold();
      });
    });
  }

  function limited(list) {
    const limit = Number(list.dataset.limit);
    const items = () => Array.from(list.tBodies ? list.tBodies[0].rows : list.children);
    const count = items().length;
    if (count <= limit) return;
    let open = false;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "more";
    list.fold = function () {
      items().forEach((item, place) => { item.hidden = !open && place >= limit; });
      button.textContent = open ? "Show the first " + limit : "Show all " + count.toLocaleString("en");
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", function () { open = !open; list.fold(); });
    const box = list.closest(".scroll") || list;
    box.after(button);
    list.fold();
    window.addEventListener("beforeprint", function () { open = true; list.fold(); });
  }

  function matrix(box) {
    const width = Number(box.dataset.width);
    const height = Number(box.dataset.height);
    const words = JSON.parse(box.dataset.words);
    const names = JSON.parse(box.dataset.names);
    const pages = JSON.parse(box.dataset.pages);
    const strips = Array.from(box.querySelectorAll(".cells"));
    const readout = document.getElementById("readout");
    const find = document.getElementById("find");
    if (!strips.length || !names.length) return;
    const shape = (name) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      made.setAttribute("class", name);
      made.setAttribute("y", 0);
      made.setAttribute("height", height - 1);
      made.setAttribute("width", Math.max(width - 1, 2));
      return made;
    };
    const cursor = shape("cursor");
    const marks = strips.map(() => shape("columnmark"));
    let row = 0;
    let column = 0;

    function show(toRow, toColumn, follow) {
      row = Math.min(Math.max(toRow, 0), strips.length - 1);
      column = Math.min(Math.max(toColumn, 0), names.length - 1);
      const strip = strips[row];
      cursor.setAttribute("x", column * width);
      strip.firstElementChild.append(cursor);
      readout.replaceChildren();
      const who = document.createElement(pages[column] ? "a" : "strong");
      if (pages[column]) who.href = pages[column];
      who.textContent = names[column];
      const what = document.createElement("strong");
      what.textContent = words[strip.dataset.cells[column]];
      const check = document.createElement("span");
      check.textContent = strip.parentElement.cells[0].textContent;
      readout.append(who, what, check);
      if (!follow) return;
      const left = strip.offsetLeft + column * width - box.scrollLeft;
      const start = strips[0].offsetLeft;
      if (left < start) box.scrollLeft -= start - left + 20;
      if (left > box.clientWidth - 30) box.scrollLeft += left - box.clientWidth + 30;
      const top = strip.parentElement.offsetTop - box.scrollTop;
      if (top < 40) box.scrollTop -= 40 - top;
      if (top > box.clientHeight - 40) box.scrollTop += top - box.clientHeight + 40;
    }

    strips.forEach(function (strip, place) {
      const svg = strip.firstElementChild;
      const at = (event) => Math.floor((event.clientX - svg.getBoundingClientRect().left) / width);
      svg.addEventListener("pointermove", (event) => show(place, at(event), false));
      svg.addEventListener("pointerdown", (event) => show(place, at(event), false));
    });
    box.addEventListener("keydown", function (event) {
      const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -names.length], End: [0, names.length] }[event.key];
      if (event.key === "Enter" && pages[column]) window.location.href = pages[column];
      if (!step) return;
      event.preventDefault();
      show(row + step[0], column + step[1], true);
    });
    find.addEventListener("change", function () {
      const place = names.indexOf(find.value);
      marks.forEach((mark, number) => {
        if (place < 0) { mark.remove(); return; }
        mark.setAttribute("x", place * width);
        strips[number].firstElementChild.append(mark);
      });
      if (place >= 0) show(row, place, true);
    });
    readout.hidden = false;
    find.closest(".finder").hidden = false;
    show(0, 0, false);
  }

  document.querySelectorAll("table.sortable").forEach(sortable);
  document.querySelectorAll("[data-limit]").forEach(limited);
  const box = document.getElementById("matrix");
  if (box) matrix(box);
})();
