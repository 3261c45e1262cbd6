export { sampleBundle } from "./sample-bundle.ts";
export type { SampleBundle } from "./sample-bundle.ts";
export type { SampleDocument, SampleLayout, SampleOptions } from "./sample-event.ts";
export { sampleEvents } from "./sample-events.ts";
export { SAMPLE_INDICATORS } from "./sample-indicators.ts";
export type { SampleIndicator } from "./sample-indicators.ts";
export { SAMPLE_OPEN_IOC_ID, sampleOpenIoc } from "./sample-open-ioc.ts";
export { SAMPLE_TRUTH, sampleTruth } from "./sample-truth.ts";
export type { IndicatorTruth, TruthCount } from "./sample-truth.ts";
