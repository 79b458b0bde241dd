/**
 * A pretraining that the page asks for: looked at against the form that it came from, then handed to whoever starts it. It names a method, a folder
 * and values by what the server gave out, and no path.
 */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "@autodidact/core";
import { z } from "zod";
import type { FieldView, MethodsView, PretrainRequest } from "../api.js";
import { Refusal } from "./refusal.js";

export interface Pretraining extends MethodsView {
  /** Why an option of a method cannot have the value; undefined where it can. */
  fault(method: string, option: string, value: string | boolean): string | undefined;
  /** Begins the run in the folder `name` below the one that is served, and returns once it is begun; a `UsageError` says what is asked wrongly. */
  start(request: PretrainRequest): Promise<void>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const requestSchema = z.strictObject({
  method: z.string().max(100),
  data: z.string().max(200),
  name: z.string().regex(NAME, "It must be of letters, digits, - and _, at most 64, the first a letter or digit."),
  options: z.record(z.string().max(100), z.union([z.boolean(), z.string().max(200)])),
});

/** Refuses what the form does not offer. */
export function checkedRequest(body: unknown, { methods, data, fault: ruleOut }: Pretraining): PretrainRequest {
  const { success, data: request, error } = requestSchema.safeParse(body);
  if (!success) {
    const [{ path, message }] = error.issues as [z.core.$ZodIssue];
    throw new Refusal(422, message, path.length === 0 ? undefined : String(path.at(-1)));
  }
  const method = methods.find(({ name }) => name === request.method);
  if (method === undefined) throw new Refusal(422, "There is no such method.", "method");
  const folder = data.find(({ name }) => name === request.data);
  if (folder === undefined) throw new Refusal(422, "There is no such data: name it when the dashboard starts.", "data");
  if (folder.modality !== null && folder.modality !== method.modality)
    throw new Refusal(422, `${method.name} learns from another kind of data.`, "data");
  const fields = new Map(method.groups.flatMap((group) => group.fields.map((field) => [field.name, field] as const)));
  const given = Object.entries(request.options).filter(([, value]) => value !== ""); // left empty in the form
  for (const [name, value] of given) {
    const fault = faultOf(fields.get(name), value) ?? ruleOut(method.name, name, value);
    if (fault !== undefined) throw new Refusal(422, fault, name);
  }
  return { ...request, options: Object.fromEntries(given) };
}

function faultOf(field: FieldView | undefined, value: string | boolean): string | undefined {
  if (field === undefined) return "The method has no such option.";
  if ((field.unit === null) !== (typeof value === "boolean"))
    return field.unit === null ? "It is either on or off." : "It needs a value.";
  if (field.choices !== null && !field.choices.includes(String(value)))
    return `It must be one of ${field.choices.join(", ")}.`;
  return undefined;
}

/** Starts what was asked for and gives the run's name. */
export async function startPretraining(body: unknown, root: string, pretraining: Pretraining): Promise<string> {
  const request = checkedRequest(body, pretraining);
  const isThere = await lstat(join(root, request.name)).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Refusal(422, "There is something of that name already: choose another.", "name");
  try {
    await pretraining.start(request);
  } catch (error) {
    if (error instanceof UsageError) throw new Refusal(422, error.message);
    throw error;
  }
  return request.name;
}
