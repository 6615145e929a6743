/// The instructions of a pickle that state dicts use: protocols 2 to 5.
///
/// Source: https://github.com/python/cpython, Lib/pickletools.py, by its names. Instructions that only protocols 0 and 1
/// use, extension codes and out-of-band buffers are not here; a pickle that has one is refused.
enum PickleOpcode: UInt8 {
    // Frame of the program.
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2E

    // Constants.
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    case long4 = 0x8B
    case binFloat = 0x47
    case shortBinString = 0x55
    case binString = 0x54
    case shortBinUnicode = 0x8C
    case binUnicode = 0x58
    case binUnicode8 = 0x8D
    case shortBinBytes = 0x43
    case binBytes = 0x42
    case binBytes8 = 0x8E
    case byteArray8 = 0x96

    // Containers.
    case emptyTuple = 0x29
    case emptyList = 0x5D
    case emptyDict = 0x7D
    case emptySet = 0x8F
    case mark = 0x28
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case append = 0x61
    case appends = 0x65
    case setItem = 0x73
    case setItems = 0x75
    case addItems = 0x90
    case frozenSet = 0x91
    case pop = 0x30

    // The memo.
    case binGet = 0x68
    case longBinGet = 0x6A
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94

    // Objects.
    case global = 0x63
    case stackGlobal = 0x93
    case reduce = 0x52
    case newObj = 0x81
    case newObjEx = 0x92
    case build = 0x62
    case binPersID = 0x51
}
