//! The tensors and threads of one run of an operator.

use std::ffi::c_void;
use std::slice;
use std::sync::{Mutex, OnceLock};
use std::thread::available_parallelism;

use ort_sys::{ONNXTensorElementDataType as Type, OrtKernelContext, OrtTensorTypeAndShapeInfo, OrtValue};

use super::api::{api, check};
use super::error::{Failure, failure, panic_text};
use super::team::Team;
use crate::parallel::Parallel;

/// Element types that operators read and write.
pub trait Element: Copy {
    const TYPE: Type;
}

impl Element for f32 {
    const TYPE: Type = Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
}
impl Element for i32 {
    const TYPE: Type = Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32;
}
/// Bytes stand for ONNX's bool too.
impl Element for u8 {
    const TYPE: Type = Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8;
}

pub struct Input<'a> {
    pub shape: Vec<usize>,
    kind: Type,
    data: *const c_void,
    _call: std::marker::PhantomData<&'a ()>,
}

impl<'a> Input<'a> {
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn is<T: Element>(&self) -> bool {
        holds::<T>(self.kind)
    }

    pub fn elements<T: Element>(&self) -> Result<&'a [T], Failure> {
        if !self.is::<T>() {
            return Err(failure(format!("an input must hold {:?}, got {:?}", T::TYPE, self.kind)));
        }
        if self.size() == 0 {
            return Ok(&[]);
        }
        // SAFETY: ONNX Runtime keeps the tensor, of this type and size, until the call ends; nobody writes to it meanwhile.
        Ok(unsafe { slice::from_raw_parts(self.data.cast(), self.size()) })
    }

    pub fn floats(&self) -> Result<&'a [f32], Failure> {
        self.elements()
    }
}

fn holds<T: Element>(kind: Type) -> bool {
    kind == T::TYPE || (kind == Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL && T::TYPE == u8::TYPE)
}

/// One run of an operator.
pub struct Call<'a> {
    context: *mut OrtKernelContext,
    pub inputs: Vec<Input<'a>>,
}

// SAFETY: the context may be used from several threads (ONNX Runtime's own operators do); inputs are only read.
unsafe impl Sync for Call<'_> {}

impl<'a> Call<'a> {
    /// # Safety
    /// `context` is the one ONNX Runtime gave for a run that lasts as long as `'a`.
    pub(super) unsafe fn new(context: *mut OrtKernelContext) -> Result<Self, Failure> {
        let mut count = 0;
        // SAFETY: the context is valid by this function's contract, here and below.
        check(unsafe { (api().KernelContext_GetInputCount)(context, &mut count) })?;
        let mut inputs = Vec::with_capacity(count);
        for index in 0..count {
            let mut value: *const OrtValue = std::ptr::null();
            // SAFETY: the index is below the count.
            check(unsafe { (api().KernelContext_GetInput)(context, index, &mut value) })?;
            if value.is_null() {
                return Err(failure(format!("input {index} is left out")));
            }
            inputs.push(input_of(value)?);
        }
        Ok(Call { context, inputs })
    }

    /// Input `index`, which must be there.
    pub fn input(&self, index: usize) -> Result<&Input<'a>, Failure> {
        self.inputs.get(index).ok_or_else(|| failure(format!("needs more than {index} inputs")))
    }

    /// Memory for output `index`, to be asked for once.
    pub fn output<T: Element>(&self, index: usize, shape: &[usize]) -> Result<&'a mut [T], Failure> {
        let lengths: Vec<i64> = shape.iter().map(|&length| length as i64).collect();
        let mut value: *mut OrtValue = std::ptr::null_mut();
        let mut data: *mut c_void = std::ptr::null_mut();
        // SAFETY: the context is valid while the call lasts; lengths and count agree.
        check(unsafe {
            (api().KernelContext_GetOutput)(self.context, index, lengths.as_ptr(), lengths.len(), &mut value)
        })?;
        let size: usize = shape.iter().product();
        if value.is_null() || size == 0 {
            return Ok(&mut []);
        }
        // SAFETY: the value is a tensor that ONNX Runtime has just allocated.
        check(unsafe { (api().GetTensorMutableData)(value, &mut data) })?;
        let kind = input_of(value)?.kind;
        if !holds::<T>(kind) {
            return Err(failure(format!("output {index} is of type {:?}, the node says {kind:?}", T::TYPE)));
        }
        // SAFETY: it holds `size` elements of this type, and each output is asked for once.
        Ok(unsafe { slice::from_raw_parts_mut(data.cast(), size) })
    }
}

impl Parallel for Call<'_> {
    fn run(&self, tasks: usize, body: &(dyn Fn(usize) + Sync)) {
        let threads = processors();
        if tasks <= 1 || threads == 1 {
            (0..tasks).for_each(body);
            return;
        }
        let work = Work { body, next: 0.into(), tasks, panic: Mutex::new(None) };
        if !TEAM.run(&|| work.take()) {
            self.run_on_runtime(&work, tasks.min(threads));
        }
        if let Some(text) = work.panic.into_inner().expect("no worker panics while it holds the text") {
            panic!("{text}");
        }
    }
}

impl Call<'_> {
    /// By ONNX Runtime's threads.
    fn run_on_runtime(&self, work: &Work, workers: usize) {
        // SAFETY: `take` gets the work it is written for, which lives until ParallelFor returns: it waits for all workers.
        let status = unsafe {
            (api().KernelContext_ParallelFor)(self.context, take, workers, workers, (&raw const *work) as *mut c_void)
        };
        check(status).expect("ONNX Runtime runs tasks on its threads");
    }
}

static TEAM: Team = Team::new();

/// How many threads compute, with the one that ONNX Runtime calls on. Until it is told, ONNX Runtime's own threads do.
#[unsafe(no_mangle)]
pub extern "C" fn autodidact_kernels_threads(count: u32) {
    TEAM.set_threads(count as usize);
}

/// Asked for once: the answer takes reading files, as long as a small product.
fn processors() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| available_parallelism().map_or(1, usize::from))
}

/// Tasks that workers take one after the other.
struct Work<'a> {
    body: &'a (dyn Fn(usize) + Sync),
    next: std::sync::atomic::AtomicUsize,
    tasks: usize,
    panic: Mutex<Option<String>>,
}

impl Work<'_> {
    /// Takes tasks until none is left. Never unwinds: a panic's text is kept.
    fn take(&self) {
        let run = || {
            loop {
                let task = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if task >= self.tasks {
                    return;
                }
                (self.body)(task);
            }
        };
        if let Err(panic) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
            let text = panic_text(panic.as_ref()).to_owned();
            *self.panic.lock().unwrap_or_else(|broken| broken.into_inner()) = Some(text);
        }
    }
}

unsafe extern "C" fn take(work: *mut c_void, _worker: usize) {
    // SAFETY: `run_on_runtime` passes a pointer to work that outlives the workers.
    unsafe { &*work.cast::<Work>() }.take();
}

fn input_of<'a>(value: *const OrtValue) -> Result<Input<'a>, Failure> {
    let mut info: *mut OrtTensorTypeAndShapeInfo = std::ptr::null_mut();
    let mut kind = Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
    let mut rank = 0;
    let mut data: *mut c_void = std::ptr::null_mut();
    // SAFETY: the value is a tensor of the running call; the info is released here, after its last use.
    unsafe {
        check((api().GetTensorTypeAndShape)(value, &mut info))?;
        check((api().GetTensorElementType)(info, &mut kind))?;
        check((api().GetDimensionsCount)(info, &mut rank))?;
        let mut lengths = vec![0_i64; rank];
        check((api().GetDimensions)(info, lengths.as_mut_ptr(), rank))?;
        (api().ReleaseTensorTypeAndShapeInfo)(info);
        check((api().GetTensorMutableData)(value.cast_mut(), &mut data))?;
        let shape = lengths.into_iter().map(|length| length as usize).collect();
        Ok(Input { shape, kind, data, _call: std::marker::PhantomData })
    }
}
