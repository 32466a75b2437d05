#include "io/model/embedder/use_embedder.hpp"

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/crypto.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::model {
namespace {

std::shared_ptr<UseEmbedder> loaded() {
    static const auto embedder = UseEmbedder::load(UseEmbedder::default_path());
    EXPECT_TRUE(embedder.has_value()) << embedder.error().internal;
    return embedder ? *embedder : nullptr;
}

float from_half(uint16_t half) {
    const uint32_t sign = (half & 0x8000U) << 16U;
    const uint32_t exponent = (half >> 10U) & 0x1FU;
    const uint32_t fraction = half & 0x3FFU;
    const float magnitude = exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                          : std::ldexp(static_cast<float>(fraction + 1024),
                                                       static_cast<int>(exponent) - 25);
    return sign != 0 ? -magnitude : magnitude;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (size_t i = 0; i < a.size(); ++i) {
        dot += static_cast<double>(a[i]) * b[i];
        aa += static_cast<double>(a[i]) * a[i];
        bb += static_cast<double>(b[i]) * b[i];
    }
    return dot / std::sqrt(aa * bb);
}

std::vector<float> golden_vector(std::string base64) {
    // The file is written with the standard alphabet; the project's decoder reads RFC 4648
    // section 5.
    std::erase(base64, '=');
    std::ranges::replace(base64, '+', '-');
    std::ranges::replace(base64, '/', '_');
    const std::string bytes = base::from_base64url(base64).value_or("");
    std::vector<float> vector(bytes.size() / 2);
    for (size_t i = 0; i < vector.size(); ++i) {
        const auto low = static_cast<uint8_t>(bytes[2 * i]);
        const auto high = static_cast<uint8_t>(bytes[2 * i + 1]);
        vector[i] = from_half(static_cast<uint16_t>(low | high << 8));
    }
    return vector;
}

TEST(UseEmbedder, GivesTheVectorsOfTheReferencePackage) {
    const auto embedder = loaded();
    ASSERT_TRUE(embedder);
    std::ifstream golden(test::source_dir() / "src/io/model/embedder/testdata/golden.tsv");
    ASSERT_TRUE(golden);
    int sentences = 0;
    for (std::string line; std::getline(golden, line); ++sentences) {
        const size_t tab = line.find('\t');
        const std::string text(boost::json::parse(line.substr(0, tab)).as_string());
        const auto wanted = golden_vector(line.substr(tab + 1));
        ASSERT_EQ(wanted.size(), UseEmbedder::kDimensions);
        EXPECT_GE(cosine(embedder->embed(text), wanted), 0.9999) << line.substr(0, tab);
    }
    EXPECT_GE(sentences, 200);
}

TEST(UseEmbedder, VectorsHaveLengthOneWhateverTheBytes) {
    const auto embedder = loaded();
    ASSERT_TRUE(embedder);
    for (const std::string& text : {std::string(), std::string("\xff\xfe\x80", 3),
                                    std::string(200'000, 'x'), std::string(5, '\0')}) {
        const auto vector = embedder->embed(text);
        ASSERT_EQ(vector.size(), UseEmbedder::kDimensions);
        EXPECT_NEAR(cosine(vector, vector), 1, 1e-6);
        EXPECT_LE(embedder->tokens_of(text).size(), UseEmbedder::kTokensMax);
    }
}

TEST(UseEmbedder, ThreadsGetTheSameVectors) {
    const auto embedder = loaded();
    ASSERT_TRUE(embedder);
    const auto wanted = embedder->embed("進撃の巨人 deluxe edition");
    std::vector<std::thread> threads;
    std::atomic<int> differing = 0;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 20; ++n) {
                (void)embedder->embed(std::string(static_cast<size_t>(i * 20 + n), 'a'));
                if (embedder->embed("進撃の巨人 deluxe edition") != wanted) ++differing;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(differing, 0);
}

TEST(UseEmbedder, SaysWhatToRunWhenTheFileIsMissingOrDamaged) {
    const auto missing = UseEmbedder::load("/nonexistent/embedder.bin");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().kind, ErrorKind::kUnavailable);
    EXPECT_NE(missing.error().internal.find("tools/fetch-embedder.py"), std::string::npos);

    const auto path =
        std::filesystem::temp_directory_path() / ("hayate-embedder-" + std::to_string(::getpid()));
    for (const std::string& bytes :
         {std::string(), std::string("HAYATEUS"), std::string(200, 'x'),
          "HAYATEUS" + std::string("\x01\0\0\0\xff\xff\xff\xff", 8) + std::string(200, '\0')}) {
        std::ofstream(path, std::ios::binary) << bytes;
        EXPECT_FALSE(UseEmbedder::load(path.string()));
    }
    std::filesystem::remove(path);
}

}  // namespace
}  // namespace hayate::model
