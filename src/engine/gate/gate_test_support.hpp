#pragma once
// A small shop for the tests of this room.

#include <memory>
#include <string_view>
#include <vector>

#include "engine/gate/grounds.hpp"

namespace hayate::gate {

inline std::shared_ptr<const understand::EntityFinder> shop_names() {
    using understand::EntityKind;
    static const auto kNames = std::make_shared<const understand::EntityFinder>(
        std::vector<understand::EntityName>{
            {EntityKind::kTitle, "op", "One Piece"},
            {EntityKind::kTitle, "op", "ワンピース"},
            {EntityKind::kTitle, "naruto", "Naruto"},
            {EntityKind::kTitle, "naruto", "ナルト"},
            {EntityKind::kTitle, "20cb", "20th Century Boys"},
            {EntityKind::kTitle, "frieren", "葬送のフリーレン"},
            {EntityKind::kState, "finished", "finished"},
            {EntityKind::kState, "ongoing", "ongoing"},
            {EntityKind::kState, "hiatus", "hiatus"},
            {EntityKind::kLanguage, "en", "English edition"},
            {EntityKind::kLanguage, "en", "英語版"},
            {EntityKind::kLanguage, "ja", "Japanese edition"},
            {EntityKind::kLanguage, "ja", "日本語版"},
            {EntityKind::kPerson, "oda", "Eiichiro Oda"},
            {EntityKind::kPerson, "oda", "尾田栄一郎"},
            {EntityKind::kPerson, "kishimoto", "岸本斉史"},
            {EntityKind::kPerson, "kishimoto", "Masashi Kishimoto"}},
        R"(MNG-\d{5})");
    return kNames;
}

inline constexpr std::string_view kShop =
    "[Product: One Piece]\n"
    "By Eiichiro Oda. shonen, adventure. ongoing, since 1997.\n"
    "- One Piece, Vol. 1: 528 yen, 14 in stock, released 1997-12-24\n"
    "- One Piece, Vol. 2: 550 yen, not in stock, released 1998-03-04\n"
    "- One Piece Box Set 1, Vols. 1-23: 24800 yen, 11 in stock, released 2013-11-05\n"
    "A rubber-bodied boy hunts a treasure at sea.\n\n"
    "[Product: Naruto]\n"
    "By Masashi Kishimoto. shonen, action. 72 volumes, finished, since 1999.\n"
    "- Naruto, Vol. 1: 484 yen, 32 in stock, released 1999-10-04\n\n"
    "[FAQ]\n"
    "Question: Do you ship to Osaka?\n"
    "Store's answer: Yes, we ship to every address in Osaka Prefecture. Parcels arrive 1-2 "
    "business "
    "days after dispatch, for 350 yen or free once your books come to 5,000 yen.\n";

inline constexpr std::string_view kShopJapanese =
    "[Product: ワンピース]\n"
    "By 尾田栄一郎. shonen, adventure. ongoing, since 1997.\n"
    "- ワンピース 1巻: 528 yen, 14 in stock, released 1997-12-24\n"
    "- ワンピース 2巻: 550 yen, not in stock, released 1998-03-04\n\n"
    "[FAQ]\n"
    "質問: 返品はできますか？\n"
    "店の回答: はい、お届けから14日以内で未開封なら返品できます。送料は350円です。\n";

inline std::vector<Fact> facts_of(std::string_view text) {
    text::Units units;
    units.read(text);
    FactScratch scratch;
    std::vector<Fact> facts;
    read_facts(units, *shop_names(), scratch, facts);
    return facts;
}

inline std::shared_ptr<const Grounds> grounds(std::string_view question, std::string_view language,
                                              std::string_view documents) {
    return std::make_shared<const Grounds>(
        GroundTexts{.documents = documents, .question = question, .language = language},
        shop_names());
}
inline std::shared_ptr<const Grounds> english(std::string_view question) {
    return grounds(question, "en", kShop);
}
inline std::shared_ptr<const Grounds> japanese(std::string_view question) {
    return grounds(question, "ja", kShopJapanese);
}

}  // namespace hayate::gate
