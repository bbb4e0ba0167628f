// Keeps the chosen language from page to page, filters the dictionary, copies SQL. Nothing else.
(function () {
  var chosen = null;
  try { chosen = localStorage.getItem("language"); } catch (error) { /* from disk, some browsers keep nothing */ }
  document.querySelectorAll('input[name="language"]').forEach(function (button) {
    if (button.id === chosen) button.checked = true;
    button.addEventListener("change", function () {
      try { localStorage.setItem("language", button.id); } catch (error) { /* the page itself still switches */ }
    });
  });
  var box = document.getElementById("search");
  if (box) {
    var rows = Array.from(document.querySelectorAll("[data-words]"));
    var groups = Array.from(document.querySelectorAll("[data-group]"));
    var found = document.getElementById("found");
    var filter = function () {
      var words = box.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      rows.forEach(function (row) {
        var text = row.getAttribute("data-words").toLowerCase();
        var fits = words.every(function (word) { return text.indexOf(word) >= 0; });
        row.classList.toggle("hidden", !fits);
        if (fits) count += 1;
      });
      groups.forEach(function (group) {
        var any = group.querySelector("[data-words]:not(.hidden)");
        group.classList.toggle("hidden", !any);
        if (group.tagName === "DETAILS") group.open = words.length > 0 || location.hash === "#" + group.id;
      });
      found.textContent = words.length ? String(count) : "";
    };
    box.addEventListener("input", filter);
    var query = new URLSearchParams(location.search).get("q");
    if (query) box.value = query;
    filter();
    window.addEventListener("hashchange", filter);
  }
  document.querySelectorAll("pre[data-copy]").forEach(function (block) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = "复制 Copy";
    button.addEventListener("click", function () {
      var range = document.createRange();
      range.selectNodeContents(block.querySelector("code"));
      var selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      if (navigator.clipboard) navigator.clipboard.writeText(block.querySelector("code").textContent).catch(function () {});
      else document.execCommand("copy");
    });
    block.appendChild(button);
  });
})();
