// The link "in a tab of their own" takes the numbers along that the reader has set: they stand in our address.
(function () {
  function follow(event) { event.currentTarget.href = location.href; }
  document.querySelectorAll(".cb-embed-open").forEach(function (link) {
    link.addEventListener("click", follow);
    link.addEventListener("focus", follow);
    link.addEventListener("pointerenter", follow);
    if (window.parent === window) link.hidden = true;
  });
})();
