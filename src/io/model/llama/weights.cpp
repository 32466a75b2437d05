#include "io/model/llama/weights.hpp"

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <utility>

#include <llama.h>

#include "core/base/log.hpp"

namespace hayate::model::llama {
namespace {

/// The errors that llama.cpp logged on this thread: its functions return no reasons.
thread_local std::string logged_errors;

void forward_log(ggml_log_level level, const char* text, void*) {
    std::string_view line = text;
    while (line.ends_with('\n')) line.remove_suffix(1);
    if (level == GGML_LOG_LEVEL_ERROR) logged_errors.append(line).append("; ");
    if (!line.empty() && line != ".") base::log_debug("llama", {{"text", line}});
}

void initialise_once() {
    static std::once_flag once;
    std::call_once(once, [] {
        llama_log_set(forward_log, nullptr);
        llama_backend_init();
    });
}

bool keep_loading(float, void* is_stopping) {
    return !(*static_cast<std::function<bool()>*>(is_stopping))();
}

int32_t length_of(std::string_view text) { return static_cast<int32_t>(text.size()); }

}  // namespace

Result<std::shared_ptr<const Weights>> Weights::load(const std::string& path,
                                                     std::function<bool()> is_stopping) {
    initialise_once();
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        return fail(ErrorKind::kNotFound, "model.local", "no weights at " + path);
    }
    llama_model_params params = llama_model_default_params();
    params.load_mode = LLAMA_LOAD_MODE_MMAP;
    params.progress_callback = keep_loading;
    params.progress_callback_user_data = &is_stopping;
    logged_errors.clear();
    llama_model* model = llama_model_load_from_file(path.c_str(), params);
    if (!model) {
        return fail(ErrorKind::kUnavailable, "model.local",
                    "llama.cpp cannot load " + path + ": " + logged_errors);
    }
    return std::shared_ptr<const Weights>(new Weights(model));
}

Weights::Weights(llama_model* model) : model_(model), vocab_(llama_model_get_vocab(model)) {}

Weights::~Weights() { llama_model_free(model_); }

std::vector<Token> Weights::tokenize(std::string_view text, Text kind) const {
    // A token is at least one byte; SentencePiece vocabularies may put a space in front.
    std::vector<Token> tokens(text.size() + 1);
    const int32_t count =
        llama_tokenize(vocab_, text.data(), static_cast<int32_t>(text.size()), tokens.data(),
                       static_cast<int32_t>(tokens.size()), false, kind == Text::kTemplate);
    tokens.resize(count > 0 ? static_cast<size_t>(count) : 0);
    return tokens;
}

std::vector<Token> Weights::beginning() const {
    if (!llama_vocab_get_add_bos(vocab_)) return {};
    return {llama_vocab_bos(vocab_)};
}

std::string Weights::piece(Token token) const {
    std::string bytes(64, '\0');
    const auto fill = [&] {
        return llama_token_to_piece(vocab_, token, bytes.data(), length_of(bytes), 0, false);
    };
    int32_t length = fill();
    if (length < 0) {
        bytes.resize(static_cast<size_t>(-length));
        length = fill();
    }
    bytes.resize(static_cast<size_t>(length));
    return bytes;
}

bool Weights::ends_answer(Token token) const { return llama_vocab_is_eog(vocab_, token); }

int Weights::vocabulary_size() const { return llama_vocab_n_tokens(vocab_); }

std::string Weights::chat_template() const {
    const char* text = llama_model_chat_template(model_, nullptr);
    return text ? text : "";
}

size_t Weights::width() const { return static_cast<size_t>(llama_model_n_embd(model_)); }

bool Weights::can_probe(int layer, size_t width) const {
    // Not the last one, and only where rows are computed in their order; see LayerTap.
    return layer >= 0 && layer + 1 < llama_model_n_layer(model_) && width == this->width() &&
           can_trim();
}

int Weights::context_tokens_max() const { return llama_model_n_ctx_train(model_); }

bool Weights::can_trim() const {
    return !llama_model_is_recurrent(model_) && !llama_model_is_hybrid(model_);
}

}  // namespace hayate::model::llama
