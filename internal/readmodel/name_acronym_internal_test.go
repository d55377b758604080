package readmodel

import "testing"

func TestANameTellsItsAcronym(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Stratégie nationale de mobilité professionnelle internationale (SNMPI)": "SNMPI",
		"THAMM – Pour une approche globale":                                      "THAMM",
		"THAMM - a programme":                                                    "THAMM",
		"TANGRAM: Visual Registration":                                           "TANGRAM",
		"NeurON : Interface Neuro-machine":                                       "NeurON",
		"UCLouvain – Centre Charles De Visscher (CeDIE)":                         "CeDIE",
		"Animal Production (INPA-UBA)":                                           "INPA-UBA",
		"THAMM Plus":                                                             "",
		"THAMM OFII (phase II)":                                                  "",
		"ILO Migration for Employment Convention (No. 97)":                       "",
		"Office wallon (Le Forem)":                                               "",
		"Coopération suédoise (Sida)":                                            "",
		"Agence fédérale pour l’emploi (Allemagne)":                              "",
		"Commission européenne – DG Migration":                                   "",
		"FAST–NU":                       "",
		"THAMM":                         "",
		"THAMM:":                        "",
		"(OIT)":                         "",
		"OIT)":                          "",
		"ACCOMPAGNEMENT – des migrants": "",
		"1A2B – Programme":              "",
		":":                             "",
		"":                              "",
		"منظمة العمل الدولية (م)": "",
	} {
		if got := acronymIn(name); got != want {
			t.Errorf("%q tells %q, want %q", name, got, want)
		}
	}
}
