import { isJsonObject } from "../json/json-value.ts";

/** Takes a selector of a granular marking apart (STIX 2.1 §7.2.3.1): `values.[0].data` is values, 0, data. */
export function selectorSteps(selector: string): readonly (string | number)[] {
  return selector.split(".").map((step) => {
    const index = /^\[(\d+)\]$/.exec(step)?.[1];
    return index === undefined ? step : Number(index);
  });
}

/** Tells whether a selector names something that the object has. */
export function selectorResolves(object: unknown, selector: string): boolean {
  let value = object;
  for (const step of selectorSteps(selector)) {
    if (typeof step === "number") {
      if (!Array.isArray(value) || step >= value.length) return false;
      value = value[step];
    } else {
      if (!isJsonObject(value) || !Object.hasOwn(value, step)) return false;
      value = value[step];
    }
  }
  return true;
}
