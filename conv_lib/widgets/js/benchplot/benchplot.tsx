/** The bench's own plots: stored results, layer by layer, with what follows from each layer's sizes. */
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { Choice, Menu } from "../ui/controls.tsx";
import { Notice } from "../ui/message.tsx";
import { Code, Foot } from "../ui/parts.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useWidth } from "../ui/use-width.ts";
import { Mark, Points, Rows } from "./chart.tsx";
import { check, FIELDS, fromQuery, layerOf, layersOf, read, same, storedOf, toQuery, TRAITS, VIEWS, write, type Settings, type View } from "./settings.ts";
import { snippets } from "./snippets.ts";
import { bytesText, digits, QUANTITIES, rateOf, SHORT, SHOWN, timeOf, WORDS, workOf, type Layer, type Quantity, type Shown, type Stored } from "./work.ts";

const KIND: Kind<Settings, never> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };

/** "2026-11-20, 2 cores, float32". */
const title = (stored: Stored): string =>
  `${stored.machine.date.slice(0, 16)}, ${stored.machine.cores} cores, ${stored.dtype}`;

const aboutOf = (stored: Stored, shown: Shown) =>
  stored.backends[shown === "tf" ? "tf_eager" : shown] ?? { missing: "it was not asked for" };

function BenchPlot({ model, host }: { model: Model; host: Host | null }) {
  const [hover, setHover] = useState<string | null>(null);
  const { good, initial, notice, setNotice, commit } = useSettings(KIND, model, host, () => setHover(null));
  const [ref, width] = useWidth<HTMLDivElement>();
  const stored = storedOf(good);
  const layers = layersOf(good);
  const chosen = layerOf(good);
  const shown = layers.find((layer) => layer.name === hover) ?? chosen;
  const code = useMemo(() => snippets(good), [good]);
  useEffect(() => setHover(null), [good.view]);

  const chart = {
    stored,
    layers,
    chosen: shown.name,
    width,
    onHover: setHover,
    onChoose: (workload: string) => commit({ ...good, workload }),
  };
  const view: View = good.view === "growth" && !stored.growth.length ? "layers" : good.view;
  const drawn = SHOWN.filter((one) => layers.some((layer) => timeOf(layer, one) !== null));
  const single = view === "layers" && good.quantity !== "ms" && good.quantity !== "gflops";
  const left = SHOWN.filter((one) => aboutOf(stored, one).missing);
  const { machine } = stored;
  return (
    <div class="cb-benchplot">
      <div class="cb-bar">
        <Choice
          label="View"
          value={view}
          options={VIEWS.filter((v) => v.value !== "growth" || stored.growth.length)}
          onChoose={(v) => commit({ ...good, view: v as View })}
        />
        {good.results.length > 1 && (
          <Menu
            label="Measured"
            value={stored.name}
            options={good.results.map((one) => ({ value: one.name, label: title(one) }))}
            onChoose={(result) => commit({ ...good, result })}
          />
        )}
      </div>
      <div class="cb-b-body">
        <div class="cb-b-picture">
          <div class="cb-bar cb-b-what">
            {view === "layers" ? (
              <Menu
                label="Show"
                value={good.quantity}
                options={QUANTITIES.map(({ value, label }) => ({ value, label }))}
                onChoose={(quantity) => commit({ ...good, quantity: quantity as Quantity })}
              />
            ) : (
              <p class="cb-hint">
                {view === "rate"
                  ? "Each column of marks is a heavy layer. To the left: few operations for each byte. Below: little done per second."
                  : "Solid: one layer on 1 to 64 images. Dashed: another on images of 32 to 1024 pixels."}
              </p>
            )}
            <p class="cb-b-legend" aria-label="Marks">
              {(single ? (["numpy"] as Shown[]) : drawn).map((one) => (
                <span key={one}>
                  <svg width="14" height="14" aria-hidden="true"><Mark of={one} x={7} y={7} /></svg> {WORDS[one]}
                </span>
              ))}
              {single && good.quantity !== "memory" && <span>line: least and most of the rounds</span>}
            </p>
          </div>
          <div ref={ref} class="cb-b-chart">
            {width > 0 && (view === "layers" ? <Rows {...chart} quantity={good.quantity} /> : <Points {...chart} view={view} />)}
          </div>
        </div>
        <Readout layer={shown} stored={stored} />
      </div>
      <p class="cb-b-where">
        Measured {machine.date} on {machine.cpu}, {machine.cores} cores, Python {machine.python}, {stored.dtype}.{" "}
        {SHOWN.filter((one) => !aboutOf(stored, one).missing).map((one) => {
          const about = aboutOf(stored, one);
          const parts = [`${about.threads} threads`, about.blas, about.device, one === "tf_gpu" && about.tf32 ? "TF32 on" : ""];
          const name = one === "tf" ? about.name?.replace(", eager", ", the faster of eager and tf.function") : about.name;
          return <span key={one}>{name} ({parts.filter(Boolean).join(", ")}). </span>;
        })}
        {left.map((one) => (
          <span key={one}>
            <strong>{WORDS[one]}: not measured.</strong> {aboutOf(stored, one).missing}.{" "}
          </span>
        ))}
      </p>
      <Notice text={notice} />
      <Code summary="Read these numbers in Python, or measure your own" snippets={code} />
      <Foot
        host={host}
        query={() => toQuery(good)}
        python={() => code[code.length - 1]!.code}
        onReset={() => {
          setNotice(null);
          commit(initial);
        }}
      />
    </div>
  );
}

const dot = "\u00b7";
const by = (sizes: readonly number[]): string => sizes.join("\u00d7");

/** One layer: its times, and what follows from its sizes, with the numbers put in. */
function Readout({ layer, stored }: { layer: Layer; stored: Stored }) {
  const work = workOf(layer, stored.dtype);
  const conv = layer.kind === "conv";
  const [rows, inner, columns] = work.product;
  const rowsOf = SHOWN.filter((one) => timeOf(layer, one) !== null);
  const [low, high] = layer.ratio_to_tf_spread ?? [];
  const total = work.bytes[0] + work.bytes[1] + work.bytes[2];
  const k = layer.kernel_shape;
  const extras = [
    layer.stride > 1 ? `stride ${layer.stride}` : "",
    layer.dilation > 1 ? `dilation ${layer.dilation}` : "",
  ].filter(Boolean);
  return (
    <section class="cb-b-readout" aria-label="The chosen layer">
      <p class="cb-b-title">{conv ? "Convolution" : "Transposed convolution"}</p>
      <p class="cb-b-sizes">
        <span class="cb-name cb-name-input">{by(layer.x_shape)}</span> {"\u2192"}{" "}
        <span class="cb-name cb-name-output">{by(work.output)}</span>
        <br />
        <span class="cb-name cb-name-kernel">kernel {by(k.slice(0, 2))}</span>
        {extras.map((text) => `, ${text}`)}
      </p>
      <table class="cb-b-table">
        <thead>
          <tr>
            <th scope="col">backend</th>
            <th scope="col">ms</th>
            <th scope="col">GFLOP/s</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf.map((one) => (
            <tr key={one}>
              <th scope="row">
                <svg width="14" height="14" aria-hidden="true"><Mark of={one} x={7} y={7} /></svg> {SHORT[one]}
              </th>
              <td>{digits(timeOf(layer, one)!)}</td>
              <td>{digits(rateOf(layer, one)!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <dl class="cb-b-facts">
        {layer.ratio_to_tf !== null && low !== undefined && high !== undefined && (
          <div>
            <dt>NumPy / TensorFlow</dt>
            <dd>
              <strong>{digits(layer.ratio_to_tf)}</strong> <span class="cb-aside">{digits(low)} to {digits(high)} in {layer.rounds} rounds</span>
            </dd>
          </div>
        )}
        <div>
          <dt>Operations</dt>
          <dd>
            2{dot}{rows}{dot}{inner}{dot}{columns} = <strong>{digits(layer.mflop)}</strong> million
          </dd>
        </div>
        <div>
          <dt>Bytes, at least</dt>
          <dd>
            <span class="cb-name-input">{bytesText(work.bytes[0])}</span> + <span class="cb-name-kernel">{bytesText(work.bytes[1])}</span> +{" "}
            <span class="cb-name-output">{bytesText(work.bytes[2])}</span>
          </dd>
        </div>
        <div>
          <dt>Operations per byte</dt>
          <dd>
            <strong>{digits((layer.mflop * 1e6) / total)}</strong>
          </dd>
        </div>
        <div>
          <dt>{conv ? "All windows, copied" : "All stamps, written"}</dt>
          <dd>
            <strong>{bytesText(work.copied)}</strong>{" "}
            <span class="cb-aside">{digits(work.copied / work.bytes[conv ? 0 : 2])} times the {conv ? "input" : "output"}</span>
          </dd>
        </div>
        {layer.extra_mib !== null && (
          <div>
            <dt>Memory conv_lib took</dt>
            <dd>
              <strong>{bytesText(layer.extra_mib * 2 ** 20)}</strong> <span class="cb-aside">besides these three</span>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<BenchPlot model={model} host={host} />, el);
  return () => render(null, el);
}
