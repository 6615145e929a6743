/// A tensor as a pickle describes it: a view of a storage.
struct TorchTensor: Equatable, Sendable {
    /// The numbers it is a view of.
    let storage: TorchStorage
    /// The format of its numbers.
    let type: TensorType
    /// Its dimensions, outermost first.
    let shape: [Int]
    /// The product of `shape`.
    let count: Int
    /// Its first number in the storage.
    let offset: Int
    /// Numbers of the storage from its first to its last; 0 where it has none.
    let extent: Int
    /// Numbers between neighbours along each dimension; nil where it is row-major in one piece.
    let strides: [Int]?

    /// What a call that makes a tensor turned out to be.
    enum Reading {
        case tensor(TorchTensor)
        /// A tensor, or something like one, of a kind that is not read, with the reason.
        case unreadable(String)
        /// Contradicts itself or its storage: the file is damaged.
        case damaged(String)
    }

    /// Reads the arguments of `torch._utils._rebuild_tensor_v2`: storage, offset, sizes, strides, and what does not
    /// matter here.
    static func read(_ arguments: PickleObject?, of pickle: Pickle) -> Reading {
        guard let elements = arguments?.elements, elements.count >= 4, case .int(let offset) = elements[1],
            let shape = pickle.integers(elements[2], atMost: HeaderScanner.maximumRank),
            let strides = pickle.integers(elements[3], atMost: HeaderScanner.maximumRank)
        else { return .damaged("its storage, offset, sizes and strides are not what a tensor has") }
        guard case .persistent(let id) = pickle.object(elements[0])?.kind, let storage = pickle.storage(id) else {
            return .unreadable("its storage is of a kind that is not known")
        }
        guard let type = storage.kind.type else {
            return .unreadable("its numbers lie in a torch.\(storage.kind.rawValue), which is not read")
        }
        return view(of: storage, type: type, offset: offset, shape: shape, strides: strides)
    }

    /// Checks that a view lies inside its storage.
    static func view(
        of storage: TorchStorage, type: TensorType, offset: Int, shape: [Int], strides: [Int]
    ) -> Reading {
        guard shape.count == strides.count, shape.count <= HeaderScanner.maximumRank, offset >= 0,
            shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 })
        else {
            return .damaged("sizes \(shape.prefix(20)), strides \(strides.prefix(20)) and offset \(offset) are none")
        }

        var count = 1
        // The last number's distance from the first.
        var last = 0
        var overflows = false
        func adding(_ a: Int, _ b: Int) -> Int {
            let (sum, overflow) = a.addingReportingOverflow(b)
            overflows = overflows || overflow
            return sum
        }
        func multiplying(_ a: Int, _ b: Int) -> Int {
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            overflows = overflows || overflow
            return product
        }
        let isEmpty = shape.contains(0)
        for (size, stride) in zip(shape, strides) where !isEmpty {
            count = multiplying(count, size)
            last = adding(last, multiplying(size - 1, stride))
        }
        let end = adding(adding(offset, last), 1)
        if isEmpty {
            return .tensor(
                TorchTensor(storage: storage, type: type, shape: shape, count: 0, offset: 0, extent: 0, strides: nil))
        }
        guard !overflows, end <= storage.count else {
            return .damaged(
                "sizes \(shape), strides \(strides) and offset \(offset) lead beyond its storage of \(storage.count) "
                    + "numbers")
        }
        guard count <= storage.count else {
            return .unreadable("it repeats a storage of \(storage.count) numbers to make \(count)")
        }
        return .tensor(
            TorchTensor(
                storage: storage, type: type, shape: shape, count: count, offset: offset, extent: last + 1,
                strides: effective(strides, shape: shape)))
    }

    /// nil where the strides are those of a row-major tensor; else the strides, 0 along dimensions of size 1, where
    /// files have any number.
    private static func effective(_ strides: [Int], shape: [Int]) -> [Int]? {
        var expected = 1
        var isRowMajor = true
        for axis in shape.indices.reversed() where shape[axis] > 1 {
            if strides[axis] != expected { isRowMajor = false }
            // The product is at most the count, which has been computed without overflow.
            expected *= shape[axis]
        }
        return isRowMajor ? nil : shape.indices.map { shape[$0] > 1 ? strides[$0] : 0 }
    }
}
