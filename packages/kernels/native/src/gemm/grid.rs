//! Tasks of a product.

/// Tasks that spread well over the threads of a usual machine.
const TASKS: usize = 16;

/// The result cut into blocks of rows and ranges of panels; where there are few rows, there are more ranges.
pub struct Grid {
    blocks: usize,
    panels: usize,
    each: usize,
}

impl Grid {
    pub fn new(blocks: usize, panels: usize) -> Self {
        Grid { blocks, panels, each: panels.div_ceil(TASKS.div_ceil(blocks)) }
    }

    fn ranges(&self) -> usize {
        self.panels.div_ceil(self.each)
    }

    pub fn tasks(&self) -> usize {
        self.blocks * self.ranges()
    }

    /// The block of rows, and the panels from … to.
    pub fn task(&self, task: usize) -> (usize, (usize, usize)) {
        let range = task % self.ranges();
        (task / self.ranges(), (range * self.each, self.panels.min((range + 1) * self.each)))
    }
}
