/** Entry point for anywidget: JupyterLab, Notebook, VS Code, Colab. */
import { mount } from "./benchplot/benchplot.tsx";
import type { Model } from "./core/model.ts";

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    return mount(model, el, null);
  },
};
