//! Operators as ONNX Runtime knows them.
//!
//! Every operator takes any number of tensors and gives any number. What its outputs look like stands in the node:
//! `output_types` (ONNX element types) and `output_shapes` (a rank, then its lengths, for each).

use std::ffi::{CStr, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::ptr::null_mut;

use ort_sys::{
    ONNXTensorElementDataType as Type, OrtApi, OrtApiBase, OrtCustomOp, OrtCustomOpDomain,
    OrtCustomOpInputOutputCharacteristic as Characteristic, OrtKernelContext, OrtKernelInfo, OrtMemType, OrtOpAttr,
    OrtOpAttrType, OrtSessionOptions, OrtShapeInferContext, OrtStatusPtr, OrtTensorTypeAndShapeInfo,
};

use super::api::{API_VERSION, api, check, remember, status_of};
use super::attributes::Attributes;
use super::call::Call;
use super::error::{Failure, failure, guarded};

/// The domain of the operators in ONNX models.
const DOMAIN: &CStr = c"ai.autodidact";

pub trait Operator: Sized + Send + Sync + 'static {
    /// The node's type in models.
    const NAME: &'static CStr;

    /// Once for each node, when its graph is compiled.
    fn create(attributes: &Attributes) -> Result<Self, Failure>;

    /// Checks the inputs' shapes before it touches their elements.
    fn compute(&self, call: &Call) -> Result<(), Failure>;
}

/// `OrtCustomOp` first: ONNX Runtime's pointer to it is a pointer to the whole.
#[repr(C)]
pub struct Definition<O>(OrtCustomOp, PhantomData<O>);

impl<O: Operator> Definition<O> {
    pub const fn new() -> Self {
        let op = OrtCustomOp {
            version: API_VERSION,
            CreateKernel: None,
            GetName: Some(name::<O>),
            GetExecutionProviderType: Some(provider),
            GetInputType: Some(any_type),
            GetInputTypeCount: Some(one),
            GetOutputType: Some(any_type),
            GetOutputTypeCount: Some(one),
            KernelCompute: None,
            KernelDestroy: Some(destroy::<O>),
            GetInputCharacteristic: Some(variadic),
            GetOutputCharacteristic: Some(variadic),
            GetInputMemoryType: Some(host_memory),
            GetVariadicInputMinArity: Some(at_least_one),
            GetVariadicInputHomogeneity: Some(mixed),
            GetVariadicOutputMinArity: Some(at_least_one),
            GetVariadicOutputHomogeneity: Some(mixed),
            CreateKernelV2: Some(create::<O>),
            KernelComputeV2: Some(compute::<O>),
            InferOutputShapeFn: Some(infer),
            GetStartVersion: Some(first_version),
            GetEndVersion: Some(last_version),
        };
        Definition(op, PhantomData)
    }

    pub const fn erased(&'static self) -> &'static OrtCustomOp {
        &self.0
    }
}

unsafe extern "system" fn name<O: Operator>(_: *const OrtCustomOp) -> *const c_char {
    O::NAME.as_ptr()
}

unsafe extern "system" fn provider(_: *const OrtCustomOp) -> *const c_char {
    c"CPUExecutionProvider".as_ptr()
}

unsafe extern "system" fn any_type(_: *const OrtCustomOp, _: usize) -> Type {
    Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED
}

unsafe extern "system" fn one(_: *const OrtCustomOp) -> usize {
    1
}

unsafe extern "system" fn variadic(_: *const OrtCustomOp, _: usize) -> Characteristic {
    Characteristic::INPUT_OUTPUT_VARIADIC
}

unsafe extern "system" fn host_memory(_: *const OrtCustomOp, _: usize) -> OrtMemType {
    OrtMemType::OrtMemTypeDefault
}

unsafe extern "system" fn at_least_one(_: *const OrtCustomOp) -> c_int {
    1
}

unsafe extern "system" fn mixed(_: *const OrtCustomOp) -> c_int {
    0
}

unsafe extern "system" fn first_version(_: *const OrtCustomOp) -> c_int {
    1
}

unsafe extern "system" fn last_version(_: *const OrtCustomOp) -> c_int {
    c_int::MAX
}

unsafe extern "system" fn create<O: Operator>(
    _: *const OrtCustomOp,
    _: *const OrtApi,
    info: *const OrtKernelInfo,
    kernel: *mut *mut c_void,
) -> OrtStatusPtr {
    status_of(guarded(&text(O::NAME), || {
        let made = Box::new(O::create(&Attributes(info))?);
        // SAFETY: ONNX Runtime gives a place for the pointer; `destroy` takes the box back.
        unsafe { *kernel = Box::into_raw(made).cast() };
        Ok(())
    }))
}

unsafe extern "system" fn destroy<O: Operator>(kernel: *mut c_void) {
    // SAFETY: the pointer that `create` made, given back once.
    drop(unsafe { Box::from_raw(kernel.cast::<O>()) });
}

unsafe extern "system" fn compute<O: Operator>(kernel: *mut c_void, context: *mut OrtKernelContext) -> OrtStatusPtr {
    status_of(guarded(&text(O::NAME), || {
        // SAFETY: the pointer that `create` made; operators are shared between threads as they are `Sync`.
        let operator = unsafe { &*kernel.cast::<O>() };
        // SAFETY: the context is valid for this call.
        operator.compute(&unsafe { Call::new(context) }?)
    }))
}

/// Tells ONNX Runtime what the node says of its outputs.
unsafe extern "system" fn infer(_: *const OrtCustomOp, context: *mut OrtShapeInferContext) -> OrtStatusPtr {
    status_of(guarded("shape inference", || {
        let types = inference_ints(context, c"output_types")?;
        let shapes = inference_ints(context, c"output_shapes")?;
        let mut rest = shapes.as_slice();
        for (index, &kind) in types.iter().enumerate() {
            let missing = || failure("output_shapes must hold a rank and its lengths for each output");
            let (&rank, after) = rest.split_first().ok_or_else(missing)?;
            let lengths = after.get(..rank as usize).ok_or_else(missing)?;
            rest = &after[rank as usize..];
            set_output(context, index, kind, lengths)?;
        }
        Ok(())
    }))
}

fn set_output(context: *mut OrtShapeInferContext, index: usize, kind: i64, lengths: &[i64]) -> Result<(), Failure> {
    let kind = match kind {
        1 => Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT,
        2 => Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8,
        6 => Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32,
        7 => Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64,
        9 => Type::ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL,
        other => {
            return Err(failure(format!("output_types must be 1, 2, 6, 7 or 9, got {other}")));
        }
    };
    let mut info: *mut OrtTensorTypeAndShapeInfo = null_mut();
    // SAFETY: the info is made, filled and released here; the context is valid for this call.
    unsafe {
        check((api().CreateTensorTypeAndShapeInfo)(&mut info))?;
        check((api().SetTensorElementType)(info, kind))?;
        check((api().SetDimensions)(info, lengths.as_ptr(), lengths.len()))?;
        let set = check((api().ShapeInferContext_SetOutputTypeShape)(context, index, info));
        (api().ReleaseTensorTypeAndShapeInfo)(info);
        set
    }
}

fn inference_ints(context: *mut OrtShapeInferContext, name: &CStr) -> Result<Vec<i64>, Failure> {
    let mut attribute: *const OrtOpAttr = std::ptr::null();
    let mut bytes = 0;
    // SAFETY: the context is valid for this call; the first reading tells the size that the second has room for.
    unsafe {
        check((api().ShapeInferContext_GetAttribute)(context, name.as_ptr(), &mut attribute))?;
        let kind = OrtOpAttrType::ORT_OP_ATTR_INTS;
        let asked = (api().ReadOpAttr)(attribute, kind, null_mut(), 0, &mut bytes);
        if !asked.0.is_null() {
            (api().ReleaseStatus)(asked.0);
        }
        let mut values = vec![0_i64; bytes / size_of::<i64>()];
        check((api().ReadOpAttr)(attribute, kind, values.as_mut_ptr().cast(), bytes, &mut bytes))?;
        Ok(values)
    }
}

fn text(name: &CStr) -> String {
    name.to_string_lossy().into_owned()
}

/// Adds the operators to a session's options.
///
/// # Safety
/// Called by ONNX Runtime with its own pointers.
pub unsafe fn register(
    options: *mut OrtSessionOptions,
    base: *const OrtApiBase,
    operators: &[&'static OrtCustomOp],
) -> OrtStatusPtr {
    // SAFETY: ONNX Runtime's own table of tables.
    let table = unsafe { ((*base).GetApi)(API_VERSION) };
    if table.is_null() {
        return OrtStatusPtr::default(); // older than the table: it has no custom operators of this kind, and says so itself
    }
    // SAFETY: the table of the version asked for.
    unsafe { remember(table) };
    status_of(guarded("autodidact kernels", || {
        let mut domain: *mut OrtCustomOpDomain = null_mut();
        // SAFETY: the domain is never released: sessions refer to it as long as they live, and there is one a session options.
        unsafe {
            check((api().CreateCustomOpDomain)(DOMAIN.as_ptr(), &mut domain))?;
            for &operator in operators {
                check((api().CustomOpDomain_Add)(domain, operator))?;
            }
            check((api().AddCustomOpDomain)(options, domain))
        }
    }))
}

/// Defines the entry point by which ONNX Runtime loads the operators.
macro_rules! library {
    ($($operator:ty),* $(,)?) => {
        /// # Safety
        /// Called by ONNX Runtime when the library is registered with a session's options.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn RegisterCustomOps(
            options: *mut ort_sys::OrtSessionOptions,
            base: *const ort_sys::OrtApiBase,
        ) -> ort_sys::OrtStatusPtr {
            // SAFETY: ONNX Runtime's own pointers.
            unsafe {
                $crate::runtime::register(options, base, &[$({
                    static DEFINITION: $crate::runtime::Definition<$operator> = $crate::runtime::Definition::new();
                    DEFINITION.erased()
                }),*])
            }
        }
    };
}
pub(crate) use library;
