// The tables behind `KnownModel.all`. Numbers are those of the papers and model cards. Whoever adds a model adds a
// line: a repository that exists, no digest that was not published.

extension KnownModel {
    private static let apache = "Apache-2.0"

    private static func hub(_ repository: String, _ file: String = "model.safetensors") -> Source {
        .hub(repository: repository, file: file)
    }

    /// DINO (arXiv 2104.14294), iBOT (2111.07832), DINOv2 (2304.07193), with registers (2309.16588), DINOv3 (2508.10104).
    static let selfDistilled: [KnownModel] = {
        var models: [KnownModel] = []
        for (size, millions) in [("s", 22.0), ("b", 86)] {
            for patch in [16, 8] {
                models.append(
                    KnownModel(
                        "dino-vit\(size)\(patch)", "dino", millions: millions, licence: apache,
                        hub("facebook/dino-vit\(size)\(patch)", "pytorch_model.bin")))
            }
        }
        let ibot = "https://lf3-nlp-opensource.bytetos.com/obj/nlp-opensource/archive/2022/ibot"
        for (size, millions) in [("s", 22.0), ("b", 86), ("l", 304)] {
            models.append(
                KnownModel(
                    "ibot-vit\(size)16", "ibot", millions: millions, licence: apache,
                    .web(address: "\(ibot)/vit\(size)_16/checkpoint_teacher.pth")))
        }
        let sizes = [("s", "small", 22.0), ("b", "base", 87), ("l", "large", 304), ("g", "giant", 1137)]
        for (size, word, millions) in sizes {
            models.append(
                KnownModel(
                    "dinov2-vit\(size)14", "dinov2", millions: millions, licence: apache,
                    hub("facebook/dinov2-\(word)")))
        }
        for (size, word, millions) in sizes {
            models.append(
                KnownModel(
                    "dinov2-vit\(size)14-reg", "dinov2", millions: millions, licence: apache,
                    hub("facebook/dinov2-with-registers-\(word)")))
        }
        let third = [("s16", 21.0), ("s16plus", 29), ("b16", 86), ("l16", 300), ("h16plus", 840)]
        for (size, millions) in third {
            models.append(
                KnownModel(
                    "dinov3-vit\(size)", "dinov3", millions: millions, licence: "DINOv3 License",
                    hub("facebook/dinov3-vit\(size)-pretrain-lvd1689m"), isGated: true))
        }
        return models
    }()

    /// MAE (arXiv 2111.06377), SimMIM (2111.09886), Scale-MAE (2212.14532), LOCA (2212.02400).
    static let masked: [KnownModel] = [
        KnownModel(
            "mae-vitb16", "mae", millions: 86, licence: "CC-BY-NC-4.0", hub("timm/vit_base_patch16_224.mae")),
        KnownModel(
            "mae-vitl16", "mae", millions: 303, licence: "CC-BY-NC-4.0", hub("timm/vit_large_patch16_224.mae")),
        KnownModel(
            "mae-vith14", "mae", millions: 631, licence: "CC-BY-NC-4.0", hub("timm/vit_huge_patch14_224.mae")),
        KnownModel(
            "simmim-vitb16", "simmim", millions: 86, licence: "MIT",
            .page(
                address: "https://github.com/microsoft/SimMIM",
                reason: "its authors keep the file (ViT-Base, pre-train model) at Google Drive, behind a question")),
        KnownModel(
            "scalemae-vitl16", "scale-mae", millions: nil, licence: "CC-BY-NC-4.0",
            .web(
                address: "https://github.com/bair-climate-initiative/scale-mae/releases/download/base-800/"
                    + "scalemae-vitlarge-800.pth")),
        KnownModel(
            "loca-vitb16", "loca", millions: 86, licence: apache,
            .page(
                address: "https://storage.googleapis.com/scenic-bucket/loca/loca_vbase_imnet1k",
                reason: "the file is a checkpoint of Flax; scripts/convert-flax-checkpoint.py makes an .npz of it")),
    ]

    /// AugReg (arXiv 2106.10270), ViT (2010.11929), DeiT (2012.12877), DeiT III (2204.07118).
    static let supervised: [KnownModel] = {
        var models: [KnownModel] = []
        // With the classifier of 21,843 classes.
        for (size, word, millions) in [
            ("ti", "tiny", 9.7), ("s", "small", 30.1), ("b", "base", 102.6), ("l", "large", 325.7),
        ] {
            models.append(
                KnownModel(
                    "augreg-vit\(size)16", "augreg", millions: millions, licence: apache,
                    hub("timm/vit_\(word)_patch16_224.augreg_in21k")))
        }
        models.append(
            KnownModel(
                "google-vitb16", "google", millions: 86, licence: apache,
                hub("google/vit-base-patch16-224-in21k")))
        for (size, word, millions) in [("ti", "tiny", 5.7), ("s", "small", 22.1), ("b", "base", 86.6)] {
            models.append(
                KnownModel(
                    "deit-\(size)16", "deit", millions: millions, licence: apache,
                    hub("timm/deit_\(word)_patch16_224.fb_in1k")))
        }
        for (size, word, millions) in [("ti", "tiny", 5.9), ("s", "small", 22.4), ("b", "base", 87.3)] {
            models.append(
                KnownModel(
                    "deit-\(size)16-distilled", "deit", millions: millions, licence: apache,
                    hub("timm/deit_\(word)_distilled_patch16_224.fb_in1k")))
        }
        for (size, word, millions) in [
            ("s16", "small_patch16", 22.1), ("m16", "medium_patch16", 38.8), ("b16", "base_patch16", 86.6),
            ("l16", "large_patch16", 304.4), ("h14", "huge_patch14", 632.1),
        ] {
            models.append(
                KnownModel(
                    "deit3-\(size)", "deit3", millions: millions, licence: apache,
                    hub("timm/deit3_\(word)_224.fb_in1k")))
        }
        return models
    }()

    /// CLIP (arXiv 2103.00020) and OpenCLIP (2212.07143); the files have the text's tower, too.
    static let contrastive: [KnownModel] = [
        KnownModel(
            "clip-vitb32", "clip-openai", millions: 151, licence: "MIT",
            hub("openai/clip-vit-base-patch32", "pytorch_model.bin")),
        KnownModel(
            "clip-vitb16", "clip-openai", millions: 150, licence: "MIT",
            hub("openai/clip-vit-base-patch16", "pytorch_model.bin")),
        KnownModel(
            "clip-vitl14", "clip-openai", millions: 428, licence: "MIT",
            hub("openai/clip-vit-large-patch14", "pytorch_model.bin")),
        KnownModel(
            "openclip-vitb32-laion2b", "clip", millions: 151, licence: "MIT",
            hub("laion/CLIP-ViT-B-32-laion2B-s34B-b79K", "open_clip_pytorch_model.bin")),
        KnownModel(
            "openclip-vitb16-laion2b", "clip", millions: 150, licence: "MIT",
            hub("laion/CLIP-ViT-B-16-laion2B-s34B-b88K", "open_clip_pytorch_model.bin")),
        KnownModel(
            "openclip-vitl14-laion2b", "clip", millions: 428, licence: "MIT",
            hub("laion/CLIP-ViT-L-14-laion2B-s32B-b82K", "open_clip_pytorch_model.bin")),
        KnownModel(
            "openclip-vith14-laion2b", "clip", millions: 986, licence: "MIT",
            hub("laion/CLIP-ViT-H-14-laion2B-s32B-b79K", "open_clip_pytorch_model.bin")),
    ]
}
