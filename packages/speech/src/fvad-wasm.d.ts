/** The package has no types of its own. */
declare module "@echogarden/fvad-wasm" {
  export interface VoiceDetector {
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _fvad_new(): number;
    _fvad_free(detector: number): void;
    /** 0 where it is possible. */
    _fvad_set_mode(detector: number, mode: number): number;
    _fvad_set_sample_rate(detector: number, hz: number): number;
    /** 1: voice; 0: none; −1: the frame has a length that it does not take. */
    _fvad_process(detector: number, samples: number, count: number): number;
  }
  export default function fvad(): Promise<VoiceDetector>;
}
