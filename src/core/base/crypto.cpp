#include "core/base/crypto.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace hayate::base {
namespace {

const uint8_t* bytes_of(std::string_view text) {
    return reinterpret_cast<const uint8_t*>(text.data());
}

/// Looked up once: EVP_sha256() makes OpenSSL 3 search its providers at every use.
const EVP_MD* sha256_method() {
    static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return method;
}

void draw(uint8_t* bytes, size_t count) {
    if (RAND_bytes(bytes, static_cast<int>(count)) == 1) return;
    throw std::runtime_error("the system has no random bytes");
}

/// Random bytes of one thread. A draw costs microseconds whatever its size, so many ids share one;
/// bytes are wiped as they are given out.
class RandomStock {
  public:
    std::string take(size_t count) {
        std::string taken(count, '\0');
        if (count > bytes_.size()) {
            draw(reinterpret_cast<uint8_t*>(taken.data()), count);
            return taken;
        }
        if (left_ < count) {
            draw(bytes_.data(), bytes_.size());
            left_ = bytes_.size();
        }
        left_ -= count;
        std::copy_n(bytes_.begin() + static_cast<ptrdiff_t>(left_), count, taken.begin());
        OPENSSL_cleanse(bytes_.data() + left_, count);
        return taken;
    }

  private:
    std::array<uint8_t, 512> bytes_;
    size_t left_ = 0;
};

EVP_MD_CTX* context_of(void* pointer) { return static_cast<EVP_MD_CTX*>(pointer); }

int base64url_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    return c == '_' ? 63 : -1;
}

}  // namespace

Sha256 sha256(std::string_view data) {
    Sha256 digest;
    EVP_Digest(data.data(), data.size(), digest.data(), nullptr, sha256_method(), nullptr);
    return digest;
}

Sha256 hmac_sha256(std::string_view key, std::string_view data) {
    Sha256 digest;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(data), data.size(),
         digest.data(), nullptr);
    return digest;
}

std::string to_hex(std::string_view bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (char c : bytes) {
        const auto byte = static_cast<uint8_t>(c);
        hex.push_back(kDigits[byte >> 4]);
        hex.push_back(kDigits[byte & 15]);
    }
    return hex;
}

std::string sha256_hex(std::string_view data) { return to_hex(as_view(sha256(data))); }

std::string base64url(std::string_view bytes) {
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    text.reserve((bytes.size() * 4 + 2) / 3);
    uint32_t buffer = 0;
    unsigned bits = 0;
    for (char c : bytes) {
        buffer = (buffer << 8) | static_cast<uint8_t>(c);
        for (bits += 8; bits >= 6; bits -= 6)
            text.push_back(kAlphabet[(buffer >> (bits - 6)) & 63]);
    }
    if (bits > 0) text.push_back(kAlphabet[(buffer << (6 - bits)) & 63]);
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    uint32_t buffer = 0;
    unsigned bits = 0;
    for (char c : text) {
        const int value = base64url_value(c);
        if (value < 0) return std::nullopt;
        buffer = (buffer << 6) | static_cast<uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>((buffer >> bits) & 255));
        }
    }
    if (bits >= 6 || (buffer & ((1U << bits) - 1)) != 0) return std::nullopt;
    return bytes;
}

std::string random_text(size_t bytes) {
    thread_local RandomStock stock;
    return base64url(stock.take(bytes));
}

Sha256Stream::Sha256Stream() : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context_of(context_), sha256_method(), nullptr);
}

Sha256Stream::~Sha256Stream() { EVP_MD_CTX_free(context_of(context_)); }

void Sha256Stream::update(std::string_view data) {
    EVP_DigestUpdate(context_of(context_), data.data(), data.size());
}

std::string Sha256Stream::finish_hex() {
    Sha256 digest;
    EVP_DigestFinal_ex(context_of(context_), digest.data(), nullptr);
    return to_hex(as_view(digest));
}

}  // namespace hayate::base
