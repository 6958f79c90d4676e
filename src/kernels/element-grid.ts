/** Invocations in one workgroup of a kernel that works on each element by itself. */
export const ELEMENT_WORKGROUP = 64;

/** Elements in one row of workgroups: a dimension of a dispatch holds 65,535 groups at least. */
const ROW = 32_768 * ELEMENT_WORKGROUP;

/** WGSL: the element of an invocation. The last row is longer than the elements, so compare with their number. */
export const ELEMENT_OF_WGSL = /* wgsl */ `
fn element_of(id: vec3<u32>) -> u32 { return id.y * ${ROW}u + id.x; }
`;

/** How many workgroups, in x and y, reach that many elements. */
export function elementWorkgroups(elements: number): [x: number, y: number] {
  return [Math.min(Math.ceil(elements / ELEMENT_WORKGROUP), ROW / ELEMENT_WORKGROUP), Math.ceil(elements / ROW)];
}
