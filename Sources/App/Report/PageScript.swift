/// The page's script: tables that can be sorted and filtered, misses of one gap.
///
/// Everything can be read without it.
enum PageScript {
    static let text = #"""
        "use strict";
        const value = cell => {
          const text = cell ? cell.firstChild ? cell.firstChild.textContent : "" : "";
          const number = parseFloat(text.replace(/[\s,]/g, "").replace("−", "-"));
          return Number.isNaN(number) ? text.trim() : number;
        };
        for (const table of document.querySelectorAll("table[data-sortable]")) {
          const body = table.tBodies[0];
          const original = [...body.rows];
          [...table.tHead.rows[0].cells].forEach((head, column) => {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = head.textContent;
            head.replaceChildren(button);
            button.addEventListener("click", () => {
              const before = head.getAttribute("aria-sort");
              const isText = original.every(row => typeof value(row.cells[column]) === "string");
              const first = isText ? "ascending" : "descending";
              const second = isText ? "descending" : "ascending";
              const next = before === first ? second : before === second ? null : first;
              for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
              if (next) head.setAttribute("aria-sort", next);
              const sign = next === "descending" ? -1 : 1;
              const rows = !next ? original : [...original].sort((left, right) => {
                const [a, b] = [value(left.cells[column]), value(right.cells[column])];
                // Numbers before texts (dashes), whatever the direction.
                if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
                return sign * (typeof a === "number" ? a - b : a.localeCompare(b));
              });
              body.append(...rows);
            });
          });
          if (original.length < 12) continue;
          const label = document.createElement("label");
          label.className = "filter";
          const input = document.createElement("input");
          input.type = "search";
          label.append("Rows with ", input);
          input.addEventListener("input", () => {
            const wanted = input.value.toLowerCase();
            for (const row of original) row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
          });
          table.parentElement.before(label);
        }
        const list = document.querySelector("ol.misses");
        const gaps = list ? [...new Set([...list.children].map(item => item.dataset.gap))] : [];
        if (gaps.length > 1) {
          const bar = document.createElement("div");
          bar.className = "choices";
          bar.setAttribute("role", "group");
          bar.setAttribute("aria-label", "Gap");
          for (const gap of ["all", ...gaps]) {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = gap;
            button.setAttribute("aria-pressed", gap === "all");
            button.addEventListener("click", () => {
              for (const other of bar.children) other.setAttribute("aria-pressed", other === button);
              for (const item of list.children) item.hidden = gap !== "all" && item.dataset.gap !== gap;
            });
            bar.append(button);
          }
          list.before(bar);
        }
        // On paper nothing can be unfolded; the longest tables stay away.
        addEventListener("beforeprint", () => {
          for (const part of document.querySelectorAll("section > details")) part.open = true;
        });
        """#
}
