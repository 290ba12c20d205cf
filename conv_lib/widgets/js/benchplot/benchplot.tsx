/** The bench's own plots: stored results, layer by layer, with what follows from each layer's sizes. */
import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { Choice, Menu } from "../ui/controls.tsx";
import { Filled } from "../ui/filled.tsx";
import { Notice } from "../ui/message.tsx";
import { Code, Foot } from "../ui/parts.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/benchplot.ts";
import { Mark, Points, Rows } from "./chart.tsx";
import { check, FIELDS, fromQuery, layerOf, layersOf, read, same, storedOf, toQuery, TRAITS, VIEWS, write, type Settings, type View } from "./settings.ts";
import { snippets } from "./snippets.ts";
import { bytesText, digits, QUANTITIES, rateOf, SHOWN, timeOf, workOf, type Layer, type Quantity, type Shown, type Stored } from "./work.ts";

const KIND: Kind<Settings, never> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };

const title = ({ machine, dtype }: Stored): string => words.run(machine.date.slice(0, 16), machine.cores, dtype);

const aboutOf = (stored: Stored, shown: Shown) =>
  stored.backends[shown === "tf" ? "tf_eager" : shown] ?? { missing: words.NOT_ASKED_FOR };

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
          label={words.VIEW}
          value={view}
          options={VIEWS.filter((v) => v.value !== "growth" || stored.growth.length)}
          onChoose={(v) => commit({ ...good, view: v as View })}
        />
        {good.results.length > 1 && (
          <Menu
            label={words.MEASURED}
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
                label={words.SHOW}
                value={good.quantity}
                options={QUANTITIES}
                onChoose={(quantity) => commit({ ...good, quantity: quantity as Quantity })}
              />
            ) : (
              <p class="cb-hint">{view === "rate" ? words.RATE_HINT : words.GROWTH_HINT}</p>
            )}
            <p class="cb-b-legend" aria-label={words.MARKS}>
              {(single ? (["numpy"] as Shown[]) : drawn).map((one) => (
                <span key={one}>
                  <svg width="14" height="14" aria-hidden="true"><Mark of={one} x={7} y={7} /></svg> {words.SHOWN[one]}
                </span>
              ))}
              {single && good.quantity !== "memory" && <span>{words.LINE_IS_RANGE}</span>}
            </p>
          </div>
          <div ref={ref} class="cb-b-chart">
            {width > 0 && (view === "layers" ? <Rows {...chart} quantity={good.quantity} /> : <Points {...chart} view={view} />)}
          </div>
        </div>
        <Readout layer={shown} stored={stored} />
      </div>
      <p class="cb-b-where">
        {words.measured(machine.date, machine.cpu, machine.cores, machine.python, stored.dtype)}{" "}
        {SHOWN.filter((one) => !aboutOf(stored, one).missing).map((one) => {
          const about = aboutOf(stored, one);
          const details = [words.threads(about.threads!), about.blas, about.device, one === "tf_gpu" && about.tf32 ? words.TF32_ON : ""];
          // TensorFlow's two ways stand in one row.
          const name = about.name!.replace(/(.*), eager/, (all, tf) => (one === "tf" ? words.fasterOf(tf, "eager", "tf.function") : all));
          return <span key={one}>{words.backend(name, details.filter(Boolean) as string[])} </span>;
        })}
        {left.map((one) => {
          const [what, why] = words.notMeasured(words.SHOWN[one], aboutOf(stored, one).missing!);
          return (
            <span key={one}>
              <strong>{what}</strong> {why}{" "}
            </span>
          );
        })}
      </p>
      <Notice text={notice} />
      <Code summary={words.CODE} snippets={code} />
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

const by = (sizes: readonly number[]): string => sizes.join("\u00d7");

/** One layer: its times, and what follows from its sizes, with the numbers put in. */
function Readout({ layer, stored }: { layer: Layer; stored: Stored }) {
  const work = workOf(layer, stored.dtype);
  const conv = layer.kind === "conv";
  const rowsOf = SHOWN.filter((one) => timeOf(layer, one) !== null);
  const [low, high] = layer.ratio_to_tf_spread ?? [];
  const total = work.bytes[0] + work.bytes[1] + work.bytes[2];
  const k = layer.kernel_shape;
  const extras = [
    layer.stride > 1 ? words.stride(layer.stride) : "",
    layer.dilation > 1 ? words.dilation(layer.dilation) : "",
  ].filter(Boolean);
  return (
    <section class="cb-b-readout" aria-label={words.CHOSEN}>
      <p class="cb-b-title">{words.KINDS[layer.kind]}</p>
      <p class="cb-b-sizes">
        <span class="cb-name cb-name-input">{by(layer.x_shape)}</span> {"\u2192"}{" "}
        <span class="cb-name cb-name-output">{by(work.output)}</span>
        <br />
        <span class="cb-name cb-name-kernel">{words.kernel(by(k.slice(0, 2)))}</span>
        {extras.map((text) => `, ${text}`)}
      </p>
      <table class="cb-b-table">
        <thead>
          <tr>
            <th scope="col">{words.BACKEND}</th>
            <th scope="col">ms</th>
            <th scope="col">GFLOP/s</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf.map((one) => (
            <tr key={one}>
              <th scope="row">
                <svg width="14" height="14" aria-hidden="true"><Mark of={one} x={7} y={7} /></svg> {words.SHORT[one]}
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
            <dt>{words.QUANTITIES.tf}</dt>
            <dd>
              <strong>{digits(layer.ratio_to_tf)}</strong> <span class="cb-aside">{words.rounds(digits(low), digits(high), layer.rounds)}</span>
            </dd>
          </div>
        )}
        <div>
          <dt>{words.OPERATIONS}</dt>
          <dd>
            <Filled text={words.operations([2, ...work.product].join("\u00b7"))} parts={[<strong>{digits(layer.mflop)}</strong>]} />
          </dd>
        </div>
        <div>
          <dt>{words.BYTES}</dt>
          <dd>
            <span class="cb-name-input">{bytesText(work.bytes[0])}</span> + <span class="cb-name-kernel">{bytesText(work.bytes[1])}</span> +{" "}
            <span class="cb-name-output">{bytesText(work.bytes[2])}</span>
          </dd>
        </div>
        <div>
          <dt>{words.OPERATIONS_PER_BYTE}</dt>
          <dd>
            <strong>{digits((layer.mflop * 1e6) / total)}</strong>
          </dd>
        </div>
        <div>
          <dt>{conv ? words.WINDOWS : words.STAMPS}</dt>
          <dd>
            <strong>{bytesText(work.copied)}</strong>{" "}
            <span class="cb-aside">{(conv ? words.timesInput : words.timesOutput)(digits(work.copied / work.bytes[conv ? 0 : 2]))}</span>
          </dd>
        </div>
        {layer.extra_mib !== null && (
          <div>
            <dt>{words.MEMORY}</dt>
            <dd>
              <strong>{bytesText(layer.extra_mib * 2 ** 20)}</strong> <span class="cb-aside">{words.BESIDES}</span>
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
