/// The classes and functions that a pickle may name: those that state dicts, training checkpoints and modules that
/// were saved whole are made of.
///
/// Nothing that a pickle names is looked up or called here. A file that names anything else is refused all the same:
/// whoever loads it with Python would run it, and what it stands for would not be known.
///
/// Sources: https://github.com/pytorch/pytorch, torch/_weights_only_unpickler.py, torch/_utils.py, torch/_tensor.py;
/// and what training programs keep beside the model: options (argparse in DINO, DeiT, MAE and iBOT; yacs in SimMIM;
/// OmegaConf in DINOv2), numbers of NumPy, paths, dates.
enum PickleNames {
    /// Names by module.
    private static let known: [String: Set<String>] = [
        "torch": [
            "Size", "device", "Tensor", "dtype", "strided", "preserve_format", "contiguous_format", "channels_last",
            "float", "float16", "float32", "float64", "half", "bfloat16", "double", "complex32", "complex64",
            "complex128", "bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64",
            "qint8", "quint8", "qint32", "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz",
            "per_tensor_affine", "per_channel_affine",
        ],
        "torch._utils": [
            "_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter",
            "_rebuild_parameter_with_state", "_rebuild_qtensor", "_rebuild_sparse_tensor",
            "_rebuild_meta_tensor_no_storage", "_rebuild_device_tensor_from_numpy",
            "_rebuild_device_tensor_from_cpu_tensor", "_rebuild_wrapper_subclass", "_rebuild_nested_tensor",
            "_rebuild_sparse_csr_tensor",
        ],
        "torch._tensor": ["_rebuild_from_type_v2"],
        "torch._C._nn": ["gelu"],
        "torch.nn": ["Parameter"],
        "torch.serialization": ["_get_layout"],
        "torch.jit._pickle": [
            "build_intlist", "build_tensorlist", "build_doublelist", "build_boollist", "build_tensor_from_id",
            "restore_type_tag",
        ],
        "collections": ["OrderedDict", "defaultdict", "Counter", "deque"],
        "builtins": builtins, "__builtin__": builtins.union(["unicode", "long"]),
        "copyreg": ["_reconstructor", "__newobj__"], "copy_reg": ["_reconstructor", "__newobj__"],
        "_codecs": ["encode"],
        "argparse": ["Namespace"], "types": ["SimpleNamespace"],
        "datetime": ["datetime", "date", "time", "timedelta", "timezone"],
        "pathlib": paths, "pathlib._local": paths,
        "numpy": ["dtype", "ndarray", "bool_", "float16", "float32", "float64", "int8", "int16", "int32", "int64"],
        "numpy.core.multiarray": ["scalar", "_reconstruct"], "numpy._core.multiarray": ["scalar", "_reconstruct"],
        "numpy.core.numeric": ["_frombuffer"], "numpy._core.numeric": ["_frombuffer"],
        "numpy.dtypes": ["Float16DType", "Float32DType", "Float64DType", "Int32DType", "Int64DType", "BoolDType"],
        "numpy.random._pickle": ["__randomstate_ctor", "__generator_ctor", "__bit_generator_ctor"],
        // Dictionaries of options that training programs keep.
        "yacs.config": ["CfgNode"], "easydict": ["EasyDict"], "addict.addict": ["Dict"],
        "typing": ["Any", "Dict", "List", "Optional", "Union", "Tuple"],
        "omegaconf.dictconfig": ["DictConfig"], "omegaconf.listconfig": ["ListConfig"],
        "omegaconf.base": ["ContainerMetadata", "Metadata"],
        "omegaconf.nodes": [
            "AnyNode", "StringNode", "IntegerNode", "FloatNode", "BooleanNode", "EnumNode", "BytesNode", "PathNode",
        ],
        "pytorch_lightning.utilities.parsing": ["AttributeDict"],
        "lightning_fabric.utilities.data": ["AttributeDict"], "lightning.fabric.utilities.data": ["AttributeDict"],
        "mmcv.utils.config": ["ConfigDict"], "mmengine.config.config": ["ConfigDict"],
        "mmengine.logging.history_buffer": ["HistoryBuffer"],
    ]

    private static let builtins: Set<String> = [
        "set", "frozenset", "list", "dict", "tuple", "int", "float", "complex", "bool", "str", "bytes", "bytearray",
        "slice", "range", "object",
    ]

    private static let paths: Set<String> = [
        "Path", "PurePath", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath",
    ]

    /// What modules that were saved whole are made of, by the beginning of the module's name: PyTorch's layers, timm's
    /// models, and TorchScript's, which carry the program's own names.
    private static let modules = [
        "torch.nn.modules.", "torch.nn.parallel.", "torch.nn.parameter", "timm.models.", "timm.layers.", "__torch__",
    ]

    /// Whether a pickle may name this class or function.
    static func contains(module: String, name: String) -> Bool {
        if known[module]?.contains(name) == true { return true }
        // An attribute of an attribute could be anything that the module imports.
        guard !name.contains(".") else { return false }
        if modules.contains(where: { module.hasPrefix($0) }) { return true }
        return (module == "torch" || module == "torch.cuda" || module == "torch.storage") && name.hasSuffix("Storage")
    }
}
