import { useState } from "react";
import type { MethodsView } from "../../api.js";
import { Answered } from "../components/answered.js";
import { Command } from "../components/command.js";
import { Empty } from "../components/notice.js";
import { PretrainForm } from "../components/pretrain-form.js";
import { useAnswer } from "../state/use-answer.js";

export function StartPage() {
  const answer = useAnswer<MethodsView>("api/methods");
  return (
    <>
      <h1>Start a pretraining</h1>
      <Answered answer={answer} what="the methods">
        {(view) => (view.methods.length === 0 || view.data.length === 0 ? <NothingToStart /> : <Start view={view} />)}
      </Answered>
    </>
  );
}

type Method = MethodsView["methods"][number];

function Start({ view: { methods, data } }: { view: MethodsView }) {
  const fitting = methods.filter((method) => dataOf(method, data).length > 0);
  const [chosen, setChosen] = useState(fitting[0]?.name);
  const method = fitting.find(({ name }) => name === chosen);
  if (method === undefined) return <NothingToStart />;
  const modalities = [...new Set(fitting.map(({ modality }) => modality))];
  return (
    <>
      <label className="field">
        <span className="field-name">method</span>
        <select value={method.name} onChange={(event) => setChosen(event.target.value)}>
          {modalities.map((modality) => (
            <optgroup key={modality} label={modality}>
              {fitting
                .filter((own) => own.modality === modality)
                .map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
            </optgroup>
          ))}
        </select>
        <span className="field-help">{method.summary}</span>
      </label>
      <PretrainForm key={method.name} method={method} data={dataOf(method, data).map(({ name }) => name)} />
    </>
  );
}

/** A folder whose modality is not known is offered to every method. */
const dataOf = ({ modality }: Method, data: MethodsView["data"]) =>
  data.filter((own) => own.modality === null || own.modality === modality);

function NothingToStart() {
  return (
    <Empty title="Nothing can be started from here">
      <p>
        A pretraining reads only folders that were named when the dashboard was started. How to name them is told by
      </p>
      <Command>autodidact dashboard --help</Command>
      <p>The terminal starts the same:</p>
      <Command>autodidact pretrain simclr --data photos --out runs/photos</Command>
    </Empty>
  );
}
