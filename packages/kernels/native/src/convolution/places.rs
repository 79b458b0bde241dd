//! Where the windows of pixels lie: pointers to their taps' channels.

use pulp::{Arch, Simd, WithSimd};

/// One tap of a window: how far it lies from the window's place, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Tap {
    pub offset: [isize; 2],
    /// Which of the weights meets it.
    pub weight: usize,
}

/// Pixels of some images whose windows have the same taps: a pixel (y, x) of `count` reads the image at `step` · (y, x) + a tap's offset.
#[derive(Clone, Debug)]
pub struct Lattice {
    pub count: [usize; 2],
    pub step: [usize; 2],
    pub taps: Vec<Tap>,
}

/// Images whose channels the pointers point to.
#[derive(Clone, Copy)]
pub struct Images {
    pub start: *const f32,
    pub size: [usize; 2],
    /// Floats from one pixel to the next.
    pub pixel: usize,
    /// As many zeros as a tap has channels, for windows that reach over an edge.
    pub zeros: *const f32,
}

/// Vectors of so many lanes are computed at a time.
const LANES: usize = 8;

/// Writes pointers for pixels `from` … `to` of a lattice, in groups: `group` pointers for each tap. Pixels beyond `to` point to zeros.
pub struct Pointers<'a> {
    pub lattice: &'a Lattice,
    pub images: Images,
    pub pixels: (usize, usize),
    /// At most 16.
    pub group: usize,
    pub table: &'a mut Vec<*const f32>,
}

impl Pointers<'_> {
    pub fn write(self) {
        Arch::new().dispatch(self);
    }
}

impl WithSimd for Pointers<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Pointers { lattice, images, pixels: (from, to), group, table } = self;
        let taps = &lattice.taps;
        let size = (to - from).div_ceil(group) * group * taps.len();
        table.clear();
        table.resize(size + 2 * LANES, images.zeros); // whole vectors are written; the next ones overwrite the excess
        let places: &mut [*const f32] = table;
        let mut walk = Walk::new(lattice, from);
        let [height, width] = images.size.map(|length| length as i64);
        let mut at = 0;
        for first in (from..to).step_by(group) {
            let (mut y, mut x, mut base) = ([-1_i64 << 40; 2 * LANES], [0_i64; 2 * LANES], [0_i64; 2 * LANES]);
            for i in 0..group.min(to - first) {
                y[i] = (walk.at[0] * lattice.step[0]) as i64;
                x[i] = (walk.at[1] * lattice.step[1]) as i64;
                base[i] = (walk.image as i64 * height + y[i]) * width + x[i];
                walk.next();
            }
            for tap in taps {
                let [dy, dx] = tap.offset.map(|n| n as i64);
                let offset = dy * width + dx;
                let target = &mut places[at..at + 2 * LANES];
                for vector in 0..group.div_ceil(LANES) {
                    for i in vector * LANES..(vector + 1) * LANES {
                        let (row, column) = (y[i] + dy, x[i] + dx);
                        let is_inside = (row >= 0) & (row < height) & (column >= 0) & (column < width);
                        let inside = images.start.wrapping_offset(((base[i] + offset) * images.pixel as i64) as isize);
                        target[i] = if is_inside { inside } else { images.zeros };
                    }
                }
                at += group;
            }
        }
        table.truncate(size);
    }
}

/// Pixels one after the other: image, row, column.
struct Walk {
    image: usize,
    at: [usize; 2],
    count: [usize; 2],
}

impl Walk {
    fn new(lattice: &Lattice, index: usize) -> Self {
        let [rows, columns] = lattice.count;
        let (image, rest) = (index / (rows * columns), index % (rows * columns));
        Walk { image, at: [rest / columns, rest % columns], count: lattice.count }
    }

    #[inline(always)]
    fn next(&mut self) {
        self.at[1] += 1;
        if self.at[1] == self.count[1] {
            self.at[1] = 0;
            self.at[0] += 1;
            if self.at[0] == self.count[0] {
                self.at[0] = 0;
                self.image += 1;
            }
        }
    }
}
