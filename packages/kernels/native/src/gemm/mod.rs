//! Products of matrices, down to registers. Matrix products and convolutions are both written on these.
//!
//! A product is computed tile by tile: MR rows × NR columns stay in registers while the inner index runs. The left operand is
//! read where it lies, through one pointer a row (`rows`) or one pointer an inner index (`columns`), so that neither a convolution
//! nor a transposed product copies it; the right operand is packed into panels of NR columns.

mod columns;
mod copies;
mod grid;
mod packing;
mod panels;
mod rows;
mod tile;

pub use columns::{Ahead, ColumnBlock, Columns, Gathered};
pub use grid::Grid;
pub use packing::{pack, transpose};
pub use panels::{Panels, Source};
pub use rows::RowBlock;
pub use tile::{DEPTH, Tile, copy_filled, tile, tile_rows};
