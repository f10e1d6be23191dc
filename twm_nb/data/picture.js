// The browser's side of a picture: shows PNG bytes; while it has the focus it sends the keys that
// are held, the newest last, with `pressed` where one was added; when clicked, where, in [0, 1].
function render({ model, el }) {
  const image = document.createElement('img');
  image.tabIndex = 0;
  image.className = 'twm-' + model.get('name');
  image.alt = model.get('name');
  image.dataset.lmSuppressShortcuts = 'true';        // keys are for the game, not for JupyterLab
  image.style.imageRendering = 'pixelated';
  const show = () => {
    const old = image.src;
    image.src = URL.createObjectURL(new Blob([model.get('png')], { type: 'image/png' }));
    if (old) URL.revokeObjectURL(old);
  };
  const held = [];
  const tell = more => model.send({ keys: [...held], ...more });
  const letGo = key => { if (held.includes(key)) { held.splice(held.indexOf(key), 1); tell(); } };
  image.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || !model.get('wanted').includes(event.key)) return;
    event.preventDefault(); event.stopPropagation();
    if (held.includes(event.key)) held.splice(held.indexOf(event.key), 1);
    held.push(event.key);
    tell({ pressed: true, repeat: event.repeat });
  });
  image.addEventListener('keyup', event => letGo(event.key));
  image.addEventListener('blur', () => { while (held.length) letGo(held[0]); });
  image.addEventListener('click', event => {
    const box = image.getBoundingClientRect();
    image.focus();
    model.send({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
  });
  model.on('change:png', show);
  show();
  el.appendChild(image);
}
export default { render };
