#include "core/config/release.hpp"

#include "core/base/crypto.hpp"
#include "core/config/fields.hpp"

namespace hayate::config {
namespace {

constexpr size_t kHashDigits = 12;

}  // namespace

std::string release_hash(const EngineConfig& config, const AssistantConfig& assistant) {
    // Declarations read and write through references; nothing is written here.
    std::map<std::string, ModelConfig> models = config.models;
    AssistantConfig shaped = assistant;
    const std::string text = canonical_text([&](Fields& fields) {
        fields.each("models", models, [&](const std::string& name, ModelConfig& model) {
            fields.group(name, [&] { declare_answer_shape(fields, model); });
        });
        fields.group("assistant", [&] {
            declare(fields, shaped);
            fields.text("system_prompt", shaped.system_prompt);
            fields.text("gate_weights", shaped.gate_weights);
            fields.each("probes", shaped.probes, [&](const std::string& name, std::string& text) {
                fields.text(name, text);
            });
            fields.each("intents", shaped.intents.intents,
                        [&](const std::string& name, IntentConfig& intent) {
                            fields.group(name, [&] { declare(fields, intent); });
                        });
            fields.each("out_of_scope", shaped.intents.out_of_scope,
                        [&](const std::string& language, std::vector<std::string>& texts) {
                            fields.texts(language, texts);
                        });
        });
    });
    return base::sha256_hex(text).substr(0, kHashDigits);
}

}  // namespace hayate::config
