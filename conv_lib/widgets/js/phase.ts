/** Entry point for anywidget: JupyterLab, Notebook, VS Code, Colab. */
import type { Model } from "./core/model.ts";
import { mount } from "./phase/phase.tsx";

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    return mount(model, el, null);
  },
};
